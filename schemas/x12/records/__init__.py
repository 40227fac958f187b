"""Typed records of the 005010 transactions: slotted dataclasses, money in integer cents, dates as `datetime.date`."""
