"""Faults on demand: what the workspace does wrong when told to."""

import fnmatch
import random
from dataclasses import dataclass
from typing import Literal, get_args

from bot.sandbox.records import Json

FaultKind = Literal["slow", "fail", "hang", "rate_limit", "duplicate", "drop"]


@dataclass(slots=True)
class Fault:
    """One fault.

    `method` is a Web API method, `command`, `interactive`, `event`, `upload`, `download`,
    `response_url`, or a pattern with `*`. `seconds` is how long it is slow or hangs, or the
    Retry-After; `times` how often it strikes. `fail` answers 503, or 200 with `error` where one is
    given; `drop` does the work and cuts the line; `duplicate` sends a letter to the bot twice.
    `chance`, from 0 to 1, is how likely it strikes when its method is called.
    """

    method: str
    kind: FaultKind
    seconds: float = 1.0
    times: int = 1
    error: str = ""
    chance: float = 1.0


class Faults:
    """The faults that still wait for their moment; the same `seed` makes the same of chances."""

    def __init__(self, seed: int = 0) -> None:
        self._waiting: list[Fault] = []
        self._dice = random.Random(seed)  # noqa: S311  # repeatable, and guards nothing

    def add(self, fault: Fault) -> None:
        """Arm one. Raises ValueError for a kind there is not."""
        if fault.kind not in get_args(FaultKind):
            raise ValueError(f"no such fault: {fault.kind}")
        self._waiting.append(fault)

    def clear(self) -> None:
        """Disarm all."""
        self._waiting.clear()

    def strike(self, method: str, *kinds: FaultKind) -> Fault | None:
        """The first armed fault of those kinds for this method, used up by one; or None."""
        for fault in self._waiting:
            if fault.kind not in kinds or not fnmatch.fnmatch(method, fault.method):
                continue
            if fault.chance >= 1 or self._dice.random() < fault.chance:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def armed(self) -> list[Json]:
        """What still waits."""
        return [
            {"method": f.method, "kind": f.kind, "seconds": f.seconds, "times": f.times}
            for f in self._waiting
        ]
