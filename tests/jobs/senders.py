"""A platform that takes messages, or does not, as a test wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.errors import SendFailed
from handlers.views.elements import View


@dataclass(frozen=True)
class Sent:
    """A message that went out."""

    to: str
    view: View
    dedupe_key: str
    update_of: str | None

    @property
    def text(self) -> str:
        return self.view.to_json()


@dataclass
class Post:
    """Takes every message, but for those that `fails` gives a failure for."""

    sent: list[Sent] = field(default_factory=list)
    fails: Callable[[str], SendFailed | None] = lambda to: None
    hangs: set[str] = field(default_factory=set)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    tries: list[str] = field(default_factory=list)

    async def send(
        self,
        workspace_id: str,
        *,
        user_id: str | None,
        channel_id: str | None,
        view: View,
        dedupe_key: str,
        update_of: str | None,
    ) -> str:
        to = user_id or channel_id or ""
        self.tries.append(to)
        if to in self.hangs:
            await self.let_go.wait()
        failure = self.fails(to)
        if failure is not None:
            raise failure
        self.sent.append(Sent(to, view, dedupe_key, update_of))
        return f"{to}/{len(self.sent)}"

    def to(self, who: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.to == who]
