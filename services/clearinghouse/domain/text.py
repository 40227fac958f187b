"""Text as X12 can carry it: the basic and extended character sets without delimiters (X12.6, appendix B.1.1.2)."""

import re
import unicodedata

CLEAN = re.compile(r"[!-)+-9;-\]_-}]+(?: [!-)+-9;-\]_-}]+)*")
"""What needs no cleaning: printable ASCII without the delimiters, words one space apart."""
DELIMITERS = str.maketrans(dict.fromkeys("*~:^", " "))


def clean(text: str | None, limit: int) -> str:
    """`text` without accents, control characters and delimiters, single-spaced, at most `limit` characters."""
    plain = text or ""
    if not plain or (len(plain) <= limit and CLEAN.fullmatch(plain)):
        return plain
    if not (plain.isascii() and plain.isprintable()):
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
        plain = "".join(char if char.isprintable() else " " for char in plain)
    return " ".join(plain.translate(DELIMITERS).split())[:limit].rstrip()
