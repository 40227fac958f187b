"""Claims: clean enough to send, sent to whom and as what, and what every answer means for each cent."""
