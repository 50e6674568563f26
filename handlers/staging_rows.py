"""From values by field to columns as they are staged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b

from domain.names import name_keys
from domain.row_reading import Values
from storage.staging_tables import ABOUT_ACCOUNT, ABOUT_LOSS

Columns = dict[str, Sequence[object]]

_FIELD_OF = {
    **{"name": "account", "external_id": "account_id", "last_day_on": "last_day"},
    **{"why_verified": "verified", "verified_reason": "verified"},
}
"""Where a staged column is called otherwise than the file's field."""

_TELLS_LOSSES_APART = (
    *("name_key", "external_id", "reason", "what_happened", "competitor", "value_minor"),
    *("currency", "last_day_on", "lost_on", "decision_maker", "product", "kind", "wake_on"),
)


def account_columns(
    lines: Sequence[int], values: Values, lost_by_ids: Sequence[object] | None
) -> Columns:
    """Give the staged columns of accounts that the file fills."""
    columns = _columns([key for key, _ in ABOUT_ACCOUNT], lines, values)
    if lost_by_ids is not None:
        columns["lost_by_id"] = lost_by_ids
    if "last_day" in values:
        columns["lost_on"] = values["last_day"]
    return columns


def loss_columns(
    lines: Sequence[int],
    values: Values,
    lost_by_ids: Sequence[object] | None,
    *,
    today: date,
    kind: str,
) -> Columns:
    """Give the staged columns of losses that the file fills.

    A loss without a day of its own was lost on its last day, but not later than `today`. `kind` is
    that of a row that does not say. The fingerprint is the external id, else of all that the row
    says.
    """
    columns = _columns([key for key, _ in (*ABOUT_ACCOUNT, *ABOUT_LOSS)], lines, values)
    if lost_by_ids is not None:
        columns["lost_by_id"] = lost_by_ids
    said = values.get("kind")
    columns["kind"] = [each or kind for each in said] if said else [kind] * len(lines)
    if "last_day" in values:
        columns["lost_on"] = _lost_on(values["last_day"], values.get("lost_on"), today)
    columns["fingerprint"] = _fingerprints(values, columns, len(lines))
    return columns


def _columns(names: Sequence[str], lines: Sequence[int], values: Values) -> Columns:
    """Put values under the names of the staged columns, and fold the accounts' names."""
    fields = {name: _FIELD_OF.get(name, name) for name in names}
    columns: Columns = {
        "line": lines,
        **{name: values[key] for name, key in fields.items() if key in values},
    }
    names_there = columns.get("name") or [None] * len(lines)
    if None in names_there:
        ids = columns.get("external_id") or [None] * len(lines)
        pairs = zip(names_there, ids, strict=True)
        names_there = [name or f"Account {external_id}" for name, external_id in pairs]
    columns["name_key"] = name_keys([str(name) for name in names_there])
    return columns


def _lost_on(
    last_days: Sequence[object], lost_on: Sequence[object] | None, today: date
) -> Sequence[object]:
    capped: dict[object, date | None] = {None: None}
    capped.update((day, min(day, today)) for day in set(last_days) if isinstance(day, date))
    by_last_day = list(map(capped.__getitem__, last_days))
    if lost_on is None:
        return by_last_day
    return [own or day for own, day in zip(lost_on, by_last_day, strict=True)]


def _fingerprints(
    values: Values, columns: Mapping[str, Sequence[object]], count: int
) -> list[object]:
    nothing: list[object] = [None] * count
    given = values.get("external_id") or nothing
    if None not in given:
        return given
    told = zip(
        *(columns.get(name) or nothing for name in _TELLS_LOSSES_APART),
        values.get("lost_by") or nothing,
        strict=True,
    )
    return [external_id or _fingerprint(row) for external_id, row in zip(given, told, strict=True)]


def _fingerprint(row: Sequence[object]) -> str:
    words = "\x1f".join("" if value is None else str(value) for value in row)
    return "row-" + blake2b(words.encode("utf-8", "replace"), digest_size=12).hexdigest()
