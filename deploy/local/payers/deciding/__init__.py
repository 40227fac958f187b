"""How a payer decides: pure functions over the claim, the member's hidden facts, and the payer's own history."""
