"""Why a claim was denied, whose fault it is, what it is worth, which way out to take and by when."""
