"""`python -m tests.bench [NAME…]`: measures and prints one table of ratios.

It is a measurement and no test: a goal that is missed is said, and fails nothing.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping

from tests.bench import chat, dealing, delivery, drain, drawer, due, importing
from tests.bench.table import Row, as_table

_BENCHES: Mapping[str, Callable[[], Awaitable[list[Row]]]] = {
    "chat": chat.measure,
    "due": due.measure,
    "drain": drain.measure,
    "delivery": delivery.measure,
    "drawer": drawer.measure,
    "dealing": dealing.measure,
    "importing": importing.measure,
}
_SECONDS = 15 * 60  # for all of them together


async def main(names: list[str]) -> None:
    """Run the benches named, or all, and print what they found; what finds no time is named."""
    begun = time.monotonic()
    rows: list[Row] = []
    without: list[str] = []
    for name in names or list(_BENCHES):
        left = begun + _SECONDS - time.monotonic()
        try:
            async with asyncio.timeout(left):
                rows += await _BENCHES[name]()
        except TimeoutError:
            without.append(name)
        print(f"{name}: {time.monotonic() - begun:.0f} s gone", file=sys.stderr, flush=True)
    print(as_table(rows))
    reached = sum(row.reached for row in rows)
    print(f"\n{reached} of {len(rows)} goals reached. This measures: a goal missed fails nothing.")
    if without:
        print(f"No time was left for: {', '.join(without)}.")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
