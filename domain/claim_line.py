"""How a line after `/found` is read: the account, and what else was said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.names import tidy

_MARK = re.compile(r",(?=\s)|(?<!\d),|,(?!\d)|\s[-–—]\s|[\n;]")
_QUOTED = re.compile(r"""^\s*["“”'‘](.+?)["”'’]\s*(?=$|[,;\n]|[-–—]\s)[,;\n]?""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """What was said, each part as it was written; a part that was not said is empty."""

    account: str
    value: str = ""
    product: str = ""
    how: str = ""


def read_claim_line(text: str) -> ClaimLine:
    """Read `ACCOUNT[, value, product, how]`: commas or dashes between, quotes around a name.

    A comma between figures belongs to the figure: "12,000" and "1.234,56" are one part each.
    """
    quoted = _QUOTED.match(text)
    if quoted:
        account, rest = quoted[1], text[quoted.end() :].lstrip(" ,;-–—")
        parts = [part for part in map(tidy, _MARK.split(rest)) if part]
    else:
        account, *others = _MARK.split(text)
        parts = [part for part in map(tidy, others) if part]
    value, product, *how = [*parts, "", ""][: max(2, len(parts))]
    return ClaimLine(tidy(account), value, product, ", ".join(how))
