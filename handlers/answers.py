"""Reading a form's answers: every field is checked, and each mistake is said at its field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from domain.errors import Refused
from domain.money import Money
from domain.names import clean, tidy
from handlers.context import Context
from handlers.money import read_money


class Answers:
    """The answers of one form. Each reader gives None for what is empty or wrong.

    `errors`: what to mend, by field; a form with errors must not be acted on.
    """

    def __init__(self, values: Mapping[str, str], context: Context) -> None:
        self.values = values
        self.errors: dict[str, str] = {}
        self._context = context

    def text(self, field: str, label: str, most: int, *, missing: str = "") -> str | None:
        """Read free text of one line; `missing` is said where it may not be empty."""
        return self._bounded(field, label, tidy(self.values.get(field, "")), most, missing)

    def story(self, field: str, label: str, most: int, *, missing: str = "") -> str | None:
        """Read free text whose line breaks count."""
        return self._bounded(field, label, clean(self.values.get(field, "")), most, missing)

    def choice(self, field: str, allowed: Collection[str], *, missing: str = "") -> str | None:
        """Read one of a short list."""
        chosen = self.values.get(field, "")
        if chosen and chosen not in allowed:
            self.errors[field] = "Choose one of the list."
        elif not chosen and missing:
            self.errors[field] = missing
        return chosen if chosen in allowed else None

    def day(
        self,
        field: str,
        *,
        not_before: date | None = None,
        not_after: date | None = None,
        says: str = "",
    ) -> date | None:
        """Read a day, both limits included; `says` what is wrong with one outside of them."""
        written = self.values.get(field, "")
        if not written:
            return None
        try:
            day = date.fromisoformat(written)
        except ValueError:
            self.errors[field] = "That is not a day. Write it like 2026-03-31."
            return None
        if (not_before and day < not_before) or (not_after and day > not_after):
            self.errors[field] = says
            return None
        return day

    def money(self, field: str, currency: str = "") -> Money | None:
        """Read a sum; without a sign or code it is in `currency`, or else the workspace's."""
        written = self.values.get(field, "").strip()
        if not written:
            return None
        try:
            return read_money(written, currency or self._context.rules.currency)
        except Refused as refusal:
            self.errors[field] = refusal.sentence
            return None

    async def member(self, field: str) -> int | None:
        """Read who is meant, as our own member id."""
        chosen = self.values.get(field, "")
        if not chosen:
            return None
        member = await self._context.work.members.by_id(int(chosen)) if chosen.isdigit() else None
        if member is None:
            self.errors[field] = "Choose somebody of the list."
            return None
        return member.id

    def _bounded(self, field: str, label: str, text: str, most: int, missing: str) -> str | None:
        if len(text) > most:
            self.errors[field] = f"{label} takes up to {most:,} characters; this has {len(text):,}."
            return None
        if not text and missing:
            self.errors[field] = missing
        return text or None
