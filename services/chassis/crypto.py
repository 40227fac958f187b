"""AES-GCM for everything that is PHI, and where the keys come from.

A blob is version (1 byte), length and bytes of the key id, nonce (12 bytes), ciphertext with its tag. The associated
data names what the blob belongs to, so that it cannot be moved to another event or document.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12


class KeyFileError(ValueError):
    """The key file cannot be used; the text says why, never a key."""


class Undecryptable(ValueError):
    """A blob was damaged, moved to another place, or its key is not held."""


class KeyProvider(Protocol):
    """Where keys come from: a file here, a key management service in production."""

    @property
    def active(self) -> str:
        """Id of the key that encrypts from now on."""

    def key(self, key_id: str) -> bytes:
        """The 32 bytes of a key, old ones too; raises KeyError when it is not held."""

    def identity(self) -> bytes:
        """The key of keyed hashes (identity.py); never rotated, since account numbers come from it."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Keys in a JSON file: {"identity": base64, "active": id, "keys": {id: base64}}. Rotation adds a key."""

    active: str
    keys: dict[str, bytes]
    identity_key: bytes

    def key(self, key_id: str) -> bytes:
        """The bytes of a key; raises KeyError when it is not held."""
        return self.keys[key_id]

    def identity(self) -> bytes:
        """The key of keyed hashes."""
        return self.identity_key


def load_keys(path: Path) -> KeyFile:
    """Read a key file; raises KeyFileError naming the file and the field that is wrong."""
    try:
        content = json.loads(path.read_bytes())
        keys = {name: _key_bytes(value) for name, value in content["keys"].items()}
        found = KeyFile(active=content["active"], keys=keys, identity_key=_key_bytes(content["identity"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileError(
            f"{path} is no key file ({type(error).__name__}): it needs identity, active and keys"
        ) from None
    if found.active not in keys:
        raise KeyFileError(f"{path}: the active key is not among keys")
    return found


def create_key_file(path: Path, seed: int | str | None = None) -> None:
    """Write a new key file, readable by its owner only; keeps one that exists.

    With a seed the identity key is derived from it, so that two runs name the same accounts; encryption keys are
    always random.
    """
    if path.exists():
        return
    identity = os.urandom(KEY_BYTES) if seed is None else hashlib.sha256(f"overturn identity {seed}".encode()).digest()
    content = {"identity": _text(identity), "active": "k1", "keys": {"k1": _text(os.urandom(KEY_BYTES))}}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)


class Cipher:
    """Encrypts with the active key, decrypts with whichever key a blob names."""

    def __init__(self, keys: KeyProvider) -> None:
        self._keys = keys
        self._ciphers: dict[str, AESGCM] = {}

    def encrypt(self, plain: bytes, belongs_to: bytes) -> bytes:
        """The blob of `plain`; `belongs_to` must be given again to read it."""
        active = self._keys.active
        key_id = active.encode()
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher(active).encrypt(nonce, plain, belongs_to)
        return b"%c%c%b%b%b" % (VERSION, len(key_id), key_id, nonce, sealed)

    def decrypt(self, blob: bytes, belongs_to: bytes) -> bytes:
        """What was encrypted; raises Undecryptable."""
        if len(blob) < 2 + NONCE_BYTES or blob[0] != VERSION:
            raise Undecryptable("not a blob of a known version")
        end = 2 + blob[1]
        try:
            cipher = self._cipher(blob[2:end].decode())
            return cipher.decrypt(blob[end : end + NONCE_BYTES], blob[end + NONCE_BYTES :], belongs_to)
        except KeyError:
            raise Undecryptable("its key is not held") from None
        except (InvalidTag, ValueError):
            raise Undecryptable("damaged, or of another place") from None

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            cipher = self._ciphers[key_id] = AESGCM(self._keys.key(key_id))
        return cipher


def _key_bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
