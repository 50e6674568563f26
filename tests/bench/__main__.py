"""`python -m tests.bench [NAME…]`: measures and prints a table of ratios."""

from __future__ import annotations

import asyncio
import sys

from tests.bench import chat, importing
from tests.bench.table import Row, as_table

_BENCHES = {"chat": chat.measure, "importing": importing.measure}


async def main(names: list[str]) -> None:
    """Run the benches named, or all, and print what they found."""
    rows: list[Row] = []
    for name in names or list(_BENCHES):
        found = await _BENCHES[name]()
        rows += found
        print(as_table(found), flush=True)
    if len(names) != 1:
        print(as_table(rows))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
