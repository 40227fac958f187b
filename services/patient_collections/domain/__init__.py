"""The decisions of patient collections: pure functions over accounts and guarantors."""
