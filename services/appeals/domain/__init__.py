"""The decisions of appeals: pure functions over the appeals of one account."""
