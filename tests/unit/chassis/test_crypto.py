"""Encrypted blobs open only with their key and in their place; key files are told apart from other files."""

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.crypto import Cipher, KeyFile, KeyFileError, Undecryptable, create_key_file, load_keys

KEYS = KeyFile("k2", {"k1": os.urandom(32), "k2": os.urandom(32)}, os.urandom(32))


@given(st.binary(max_size=500), st.binary(max_size=40))
def test_what_was_encrypted_comes_back_in_its_place_only(plain: bytes, place: bytes) -> None:
    cipher = Cipher(KEYS)
    blob = cipher.encrypt(plain, place)
    assert cipher.decrypt(blob, place) == plain
    with pytest.raises(Undecryptable):
        cipher.decrypt(blob, place + b"!")


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_changed_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    cipher = Cipher(KEYS)
    blob = bytearray(cipher.encrypt(plain, b"here"))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Undecryptable):
        cipher.decrypt(bytes(blob), b"here")


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_and_never_crash(blob: bytes) -> None:
    with pytest.raises(Undecryptable):
        Cipher(KEYS).decrypt(blob, b"")


def test_after_rotation_old_blobs_open_and_new_ones_use_the_new_key() -> None:
    before = Cipher(KeyFile("k1", {"k1": KEYS.keys["k1"]}, b""))
    after = Cipher(KEYS)
    assert after.decrypt(before.encrypt(b"x", b"p"), b"p") == b"x"
    with pytest.raises(Undecryptable):
        before.decrypt(after.encrypt(b"x", b"p"), b"p")


def test_a_seed_fixes_identities_but_never_encryption_keys(tmp_path: Path) -> None:
    create_key_file(tmp_path / "a", 7)
    create_key_file(tmp_path / "b", 7)
    create_key_file(tmp_path / "c")
    first, second, third = (load_keys(tmp_path / name) for name in "abc")
    assert first.identity() == second.identity() != third.identity()
    assert first.keys != second.keys
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    create_key_file(tmp_path / "a", 8)
    assert load_keys(tmp_path / "a") == first, "an existing key file is kept"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", json.dumps({"identity": "AA==", "active": "k", "keys": {}}), json.dumps({"keys": {"k": 1}})],
)
def test_a_file_that_holds_no_keys_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys").write_text(content)
    with pytest.raises(KeyFileError, match="keys"):
        load_keys(tmp_path / "keys")
