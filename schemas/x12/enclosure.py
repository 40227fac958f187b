"""What payers want in BDS03: the document as a MIME entity (CMS esMD and payers' companion guides of 006020X314)."""

from __future__ import annotations

from base64 import encodebytes
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default


@dataclass(slots=True, frozen=True)
class Enclosure:
    """A document with its media type (`application/pdf`; `text/xml` for a C-CDA) and file name."""

    data: bytes = field(repr=False)
    media_type: str = ""
    name: str = ""


def enclose(enclosure: Enclosure) -> bytes:
    """A MIME entity in base64 with CRLF. Raises ValueError where type or name would break its headers."""
    for text in (enclosure.media_type, enclosure.name):
        if not text.isascii() or not text.isprintable() or '"' in text or "\\" in text:
            raise ValueError("media type and name of a document are plain text without quotes")
    head = (
        f"MIME-Version: 1.0\r\nContent-Type: {enclosure.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{enclosure.name}"\r\n\r\n'
    )
    return head.encode() + encodebytes(enclosure.data).replace(b"\n", b"\r\n")


def enclosed(content: bytes) -> Enclosure:
    """The document in a MIME entity; what is none, or one of several parts, is the document itself without type and name."""
    head, _, _ = content[:4096].replace(b"\r\n", b"\n").partition(b"\n\n")
    if b"content-type:" not in head.lower() or head.lstrip()[:1] == b"<":
        return Enclosure(content)
    entity = BytesParser(EmailMessage, policy=default).parsebytes(content)
    data = entity.get_payload(decode=True)
    if entity.is_multipart() or not isinstance(data, bytes) or entity.defects:
        return Enclosure(content)
    return Enclosure(data, entity.get_content_type(), entity.get_filename() or "")
