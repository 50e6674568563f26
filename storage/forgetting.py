"""Erasing a contact's personal data everywhere it is kept, and keeping it out."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from sqlmodel import SQLModel, col, select

from domain.names import name_key
from storage.repository import Repository
from storage.sql import insert_ignoring
from storage.tables import (
    Account,
    AuditEntry,
    Claim,
    ClaimNote,
    Complaint,
    Deadline,
    FollowUp,
    ForgottenContact,
    Loss,
    Outbox,
    PendingImport,
    Visit,
)

INSTEAD = "the contact"
"""What stands where a name stood."""

FREE_TEXT: dict[type[SQLModel], tuple[str, ...]] = {
    Loss: ("what_happened",),
    Visit: ("who_was_met", "what_happened", "evidence", "next_step"),
    Deadline: ("note",),
    Claim: ("how", "story", "decision_note"),
    FollowUp: ("note", "heard"),
    Complaint: ("words",),
}
"""Where people write freely about an account, by the tables that point at accounts."""

_NOT_SAID = {"kind", "action", "payload", "style", "form_id"}  # parts of a view that nobody reads


class Forgetting(Repository):
    """Queries over what is kept of people on the customers' side."""

    async def names_at(self, account: Account) -> list[str]:
        """Give the names of contacts that an account's records hold, the present one first."""
        names = [account.decision_maker]
        names += [loss.decision_maker for loss in await self._about(Loss, account)]
        names += [visit.who_was_met for visit in await self._about(Visit, account)]
        return list(dict.fromkeys(name for name in names if name and name != INSTEAD))

    async def forget(self, account: Account, words: Sequence[str]) -> int:
        """Erase words wherever an account's records, its messages and its audit entries hold them.

        Figures and everything else stay. A file that waits to be taken in and holds one of them is
        dropped, for it cannot be mended here: gives how many were. Messages that were delivered
        stay with the platform.
        """
        pattern = _whole(words)
        for kept in (account, *await self._about(Loss, account)):
            if kept.decision_maker and pattern.search(kept.decision_maker):
                kept.decision_maker = None
        for table, columns in FREE_TEXT.items():
            for row in await self._about(table, account):
                _scrub(row, columns, pattern)
        for note in await self._notes_on(account):
            _scrub(note, ("text",), pattern)
        for entry in await self._audited(account):
            _scrub(entry, ("detail",), pattern)
        await self._scrub_messages(account, words, pattern)
        for word in words:
            await insert_ignoring(
                self.session,
                ForgottenContact,
                {
                    "workspace_id": self.workspace_id,
                    "account_id": account.id,
                    "fingerprint": self._fingerprint(word),
                },
            )
        return await self._drop_files(words)

    async def keep_out(self) -> int:
        """Erase again who was forgotten and came back, as by a file; give at how many accounts."""
        found: set[int] = set()
        both: tuple[tuple[Any, Any], ...] = ((Account, Account.id), (Loss, Loss.account_id))
        for table, account_id in both:
            rows = await self.session.exec(
                select(table, ForgottenContact)
                .join(ForgottenContact, col(ForgottenContact.account_id) == col(account_id))
                .where(
                    ForgottenContact.workspace_id == self.workspace_id,
                    table.workspace_id == self.workspace_id,
                    col(table.decision_maker).is_not(None),
                )
            )
            for row, forgotten in rows:
                if self._fingerprint(row.decision_maker or "") == forgotten.fingerprint:
                    row.decision_maker = None
                    found.add(forgotten.account_id)
        return len(found)

    def _fingerprint(self, name: str) -> str:
        """Give what tells a name again and does not tell the name."""
        return hashlib.sha256(f"{self.workspace_id}\n{name_key(name)}".encode()).hexdigest()

    async def _about(self, table: Any, account: Account) -> list[Any]:
        rows = await self.session.exec(
            select(table).where(
                table.workspace_id == self.workspace_id, table.account_id == account.id
            )
        )
        return list(rows)

    async def _notes_on(self, account: Account) -> list[ClaimNote]:
        rows = await self.session.exec(
            select(ClaimNote)
            .join(Claim, col(Claim.id) == col(ClaimNote.claim_id))
            .where(ClaimNote.workspace_id == self.workspace_id, col(Claim.account_id) == account.id)
        )
        return list(rows)

    async def _audited(self, account: Account) -> list[AuditEntry]:
        rows = await self.session.exec(
            select(AuditEntry).where(
                AuditEntry.workspace_id == self.workspace_id, AuditEntry.subject == account.name
            )
        )
        return list(rows)

    async def _scrub_messages(
        self, account: Account, words: Sequence[str], pattern: re.Pattern[str]
    ) -> None:
        """Erase words from the messages that speak of an account, sent or still to be sent."""
        for word in words:
            rows = await self.session.exec(
                select(Outbox).where(
                    Outbox.workspace_id == self.workspace_id,
                    col(Outbox.view_json).icontains(_in_json(word), autoescape=True),
                    col(Outbox.view_json).contains(_in_json(account.name), autoescape=True),
                )
            )
            for row in rows:
                view = _scrubbed(json.loads(row.view_json), pattern)
                row.view_json = json.dumps(view, ensure_ascii=False, separators=(",", ":"))

    async def _drop_files(self, words: Sequence[str]) -> int:
        rows = await self.session.exec(
            select(PendingImport).where(PendingImport.workspace_id == self.workspace_id)
        )
        held = [word.encode() for word in words]
        dropped = [
            row for row in rows if any(word in row.content or word in row.rejects for word in held)
        ]
        for row in dropped:
            await self.session.delete(row)
        return len(dropped)


def _whole(words: Sequence[str]) -> re.Pattern[str]:
    """Match any of some words, as whole words and in any case, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _scrub(row: Any, columns: Sequence[str], pattern: re.Pattern[str]) -> None:
    for column in columns:
        written = getattr(row, column)
        if written and pattern.search(written):
            setattr(row, column, pattern.sub(INSTEAD, written))


def _scrubbed(part: Any, pattern: re.Pattern[str]) -> Any:
    """Give a view, as it is stored, without the words in what is read of it."""
    if isinstance(part, str):
        return pattern.sub(INSTEAD, part)
    if isinstance(part, list):
        return [_scrubbed(one, pattern) for one in part]
    if isinstance(part, dict):
        return {
            key: value if key in _NOT_SAID else _scrubbed(value, pattern)
            for key, value in part.items()
        }
    return part


def _in_json(word: str) -> str:
    """Write a word as it stands inside a stored view."""
    return json.dumps(word, ensure_ascii=False)[1:-1]
