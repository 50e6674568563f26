"""What bot and workspace said to each other: the inspector, and the rail that ticks itself."""

import re
from collections import deque
from typing import Any

from bot.sandbox.clock import MovableClock
from bot.sandbox.records import Json
from bot.sandbox.store import Store
from bot.sandbox.story import Step
from bot.sandbox.watchers import Watchers

KEPT = 1000
SECRET = re.compile(r"\b(xox[abp]|xapp)-[\w-]+")
SECRET_KEYS = frozenset({"token", "client_secret", "access_token", "code", "authorization"})


def redacted(value: Any) -> Any:
    """A copy without tokens, whatever key or text they stand in."""
    if isinstance(value, dict):
        return {
            k: "(hidden)" if str(k).lower() in SECRET_KEYS else redacted(v)
            for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return [redacted(v) for v in value]
    if isinstance(value, str):
        return SECRET.sub(r"\1-(hidden)", value)
    return value if isinstance(value, int | float | bool | None) else str(value)


class Traffic:
    """The last thousand exchanges; each is also shown to the steps of "what to try"."""

    def __init__(
        self, clock: MovableClock, watchers: Watchers, store: Store, steps: tuple[Step, ...]
    ) -> None:
        self._clock = clock
        self._watchers = watchers
        self._store = store
        self._steps = steps
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._seq = 0
        self._done: set[str] = set(store.get("flag", "steps", []))

    def record(
        self,
        direction: str,
        kind: str,
        name: str,
        *,
        ok: bool,
        ms: float = 0.0,
        request: Any = None,
        response: Any = None,
    ) -> None:
        """Keep one exchange; `direction` is `to_bot` or `from_bot`, `ms` the time to the answer."""
        self._seq += 1
        entry: Json = {
            "seq": self._seq,
            "at": self._clock.now().isoformat(),
            "direction": direction,
            "kind": kind,
            "name": name,
            "ms": round(ms, 1),
            "ok": ok,
            "request": redacted(request),
            "response": redacted(response),
        }
        self._entries.append(entry)
        self._watchers.tell("traffic", {"entry": entry})
        self._tick_off(entry)

    def after(self, seq: int = 0, limit: int = 200) -> list[Json]:
        """The entries after that number, oldest first, at most `limit` of the newest."""
        return [e for e in self._entries if e["seq"] > seq][-limit:]

    def steps(self) -> list[Json]:
        """The rail: id, text and whether it is done."""
        return [{"id": s.id, "text": s.text, "done": s.id in self._done} for s in self._steps]

    def forget(self) -> None:
        """Empty the inspector and untick the rail."""
        self._entries.clear()
        self._done.clear()

    def _tick_off(self, entry: Json) -> None:
        just_done = [s.id for s in self._steps if s.id not in self._done and s.done_by(entry)]
        if just_done:
            self._done.update(just_done)
            self._store.put("flag", "steps", sorted(self._done))
            self._watchers.tell("steps", {"steps": self.steps()})
