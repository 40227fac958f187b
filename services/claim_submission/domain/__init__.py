"""The decisions about claims: pure functions over the account's document."""
