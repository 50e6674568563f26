"""Which encoding a text is in that is not Unicode: the one in which it reads most like words."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from charset_normalizer import from_bytes

_Languages = tuple[tuple[frozenset[str], frozenset[str]], ...]


def _languages(*lines: str) -> _Languages:
    """Read lines of letters beside ASCII, and of those of them that no text does without."""
    parted = (line.partition(" ") for line in lines)
    return tuple((frozenset(letters), frozenset(shown)) for letters, _, shown in parted)


_WESTERN = _languages(
    *("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúüñ", "áâãàçéêíóôúü", "àèéìíîòóùú", "áèéêëíïóöüç"),
    *("æøåéèêàóö", "åäöéàüšž", "àçèéíïòóúü", "äöõüšž ä", "áéíóúýðþæö áíú"),
)
_CENTRAL = _languages(
    *("ąćęłńóśźż ąęłśż", "áčďéěíňóřšťúůýž áíé", "áäčďéíĺľňóôŕšťúýž áíé", "áéíóöőúüű áéí"),
    *("čćđšž čćšž", "ăâîşţ ăâî", "äöüß"),
)
_TURKISH = _languages("çğıöşüâîû", "äöüß")
_BALTIC = _languages("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž ä")
_WRITTEN: dict[str, _Languages] = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "cp1254": _TURKISH,
    "iso8859_2": _CENTRAL,
    "cp1257": _BALTIC,
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "cp1251": (),
    "cp1253": (),
}
"""What spreadsheet programs write, the usual one first: Western, Central European and Turkish
Windows, Unix, Baltic Windows, old Macs, DOS, Cyrillic, Greek; and the languages written so, but
those of alphabets of their own, which are told by them."""

_FOREIGN = re.compile("[^\\x00-\\x7f]")
_WORD = re.compile("[^\\W\\d_]*[^\\W\\d_\\x00-\\x7f][^\\W\\d_]*")
_ENOUGH = 2_000  # foreign characters that tell
_FEW, _READABLE = 4, 0.25  # oddities, and more for each foreign character, of text read rightly
_STRANGE = 0.1  # share of words that no language spells, from which on they tell
_BESIDE_WORDS = frozenset("€£©®™°…’‘“”„‚«»–—·•¡¿ªº")  # may touch a letter, if not on both sides
_WITHIN_WORDS = frozenset("’‘·–—")


def legacy_encoding(sample: bytes) -> str:
    """Tell the encoding of a text that is not UTF-8; where several fit, it is the usual one."""
    foreign = max(1, sum(byte > 0x7F for byte in sample[: _ENOUGH * 100]))
    odd = {encoding: _oddities(sample, encoding) for encoding in _WRITTEN}
    old_mac = b"\r" in sample and b"\n" not in sample
    likeliest = min(odd, key=lambda each: (odd[each], old_mac and each != "mac_roman"))
    if odd[likeliest] <= _FEW + _READABLE * min(foreign, _ENOUGH):
        return likeliest
    best = from_bytes(sample).best()
    return best.encoding if best is not None else likeliest


def _oddities(sample: bytes, encoding: str) -> int:
    """Count what no word has: signs among its letters, capitals within, mixed alphabets.

    Words that no language writes so count, too: “Dvoøák” has a letter of Danish and one of Spanish.
    """
    text = " " + sample.decode(encoding, errors="replace") + " "
    foreign = islice(_FOREIGN.finditer(text), _ENOUGH)
    places = (found.start() for found in foreign)
    odd = sum(_oddity(text[i - 1], text[i], text[i + 1]) for i in places)
    return odd + _strange_words(text, _WRITTEN[encoding])


def _strange_words(text: str, languages: _Languages) -> int:
    """Count the words whose letters beside ASCII no language has together; a few are nothing."""
    foreign = " ".join(each for each in text.split() if not each.isascii())
    found = islice(_WORD.finditer(foreign.replace("õe", "oe")), _ENOUGH)  # as in Portuguese alone
    words = [_letters(word) for word in {each[0].lower() for each in found}]
    there = frozenset().union(*words)
    known = [letters for letters, shown in languages if not shown or shown & there]
    strange = sum(not any(map(word.issubset, known)) for word in words) if languages else 0
    return strange if strange > _STRANGE * len(words) else 0


def _letters(word: str) -> frozenset[str]:
    return frozenset(mark for mark in _FOREIGN.findall(word) if mark.isalpha())


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
