"""Which encoding a text is in that is not Unicode: the one in which it reads most like words."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from charset_normalizer import from_bytes

_SINGLE_BYTE = ("cp1252", "cp1250", "mac_roman", "cp850", "cp1251", "cp1253")
"""What spreadsheet programs write, the usual one first: Western and Central European Windows, old
Macs, DOS, Cyrillic, Greek."""

_FOREIGN = re.compile("[^\\x00-\\x7f]")
_ENOUGH = 2_000  # foreign characters that tell
_FEW, _READABLE = 4, 0.25  # oddities, and more for each foreign character, of text read rightly
_BESIDE_WORDS = frozenset("€£©®™°…’‘“”„‚«»–—·•¡¿ªº")  # may touch a letter, if not on both sides
_WITHIN_WORDS = frozenset("’‘·–—")


def legacy_encoding(sample: bytes) -> str:
    """Tell the encoding of a text that is not UTF-8; where several fit, it is the usual one."""
    foreign = max(1, sum(byte > 0x7F for byte in sample[: _ENOUGH * 100]))
    odd = {encoding: _oddities(sample, encoding) for encoding in _SINGLE_BYTE}
    old_mac = b"\r" in sample and b"\n" not in sample
    likeliest = min(odd, key=lambda each: (odd[each], old_mac and each != "mac_roman"))
    if odd[likeliest] <= _FEW + _READABLE * min(foreign, _ENOUGH):
        return likeliest
    best = from_bytes(sample).best()
    return best.encoding if best is not None else likeliest


def _oddities(sample: bytes, encoding: str) -> int:
    """Count what no word has: signs among its letters, capitals within, mixed alphabets."""
    text = " " + sample.decode(encoding, errors="replace") + " "
    foreign = islice(_FOREIGN.finditer(text), _ENOUGH)
    places = (found.start() for found in foreign)
    return sum(_oddity(text[i - 1], text[i], text[i + 1]) for i in places)


def _oddity(before: str, mark: str, after: str) -> int:
    if mark == "\ufffd" or unicodedata.category(mark) == "Cc":
        return 3
    if not mark.isalpha():
        beside = before.isalpha() + after.isalpha()
        allowed = 2 if mark in _WITHIN_WORDS else 1 if mark in _BESIDE_WORDS else 0
        return 2 if beside > allowed else 0
    if mark.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return 2
    alphabets = {_alphabet(each) for each in (before, mark, after) if each.isalpha()}
    if len(alphabets) > 1:
        return 2
    return int(alphabets == {"LATIN"} and before > "\x7f" and before.isalpha())


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]
