"""How many claims a second pass through every service, beside a bare loop over the same parts in the same run."""
