"""What the patient really owes, when to ask for it, and when to stop."""
