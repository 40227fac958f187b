"""Text as X12 can carry it: the basic and extended character sets without delimiters (X12.6, appendix B.1.1.2)."""

import unicodedata

DELIMITERS = str.maketrans(dict.fromkeys("*~:^", " "))


def clean(text: str | None, limit: int) -> str:
    """`text` without accents, control characters and delimiters, single-spaced, at most `limit` characters."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode()
    printable = "".join(char if char.isprintable() else " " for char in plain)
    return " ".join(printable.translate(DELIMITERS).split())[:limit].rstrip()
