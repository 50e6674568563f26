"""From values by field to rows as they are staged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b

from domain.names import name_key
from domain.row_reading import Values
from storage.staging_tables import ABOUT_ACCOUNT, ABOUT_LOSS

_KEYS_REMEMBERED = 50_000
_SAME_FIELD = {
    "external_id": "account_id",
    "last_day_on": "last_day",
}
"""Where a column of the table is called otherwise than the file's field."""

_TELLS_LOSSES_APART = (
    *("name_key", "external_id", "reason", "what_happened", "competitor", "value_minor"),
    *("currency", "last_day_on", "lost_on", "decision_maker", "product", "kind", "wake_on"),
)


class NameKeys(dict[str, str]):
    """Keys of names, each folded once."""

    def __missing__(self, name: str) -> str:
        key = name_key(name)
        if len(self) < _KEYS_REMEMBERED:
            self[name] = key
        return key


def account_rows(
    lines: Sequence[int], values: Values, lost_by_ids: Sequence[object], keys: NameKeys
) -> list[Sequence[object]]:
    """Give the columns of the staged accounts: their lines, then `ABOUT_ACCOUNT`."""
    columns = _columns([key for key, _ in ABOUT_ACCOUNT], values, len(lines))
    columns["lost_by_id"] = list(lost_by_ids)
    columns["lost_on"] = (
        columns["lost_on"] if "lost_on" in values else _of(values, "last_day", len(lines))
    )
    columns["name_key"] = _name_keys(columns, keys)
    return [lines, *columns.values()]


def loss_rows(
    lines: Sequence[int],
    values: Values,
    lost_by_ids: Sequence[object],
    keys: NameKeys,
    *,
    today: date,
    kind: str,
) -> list[Sequence[object]]:
    """Give the columns of the staged losses: their lines, `ABOUT_ACCOUNT`, then `ABOUT_LOSS`.

    A loss without a day of its own was lost on its last day, but not later than `today`. `kind` is
    that of a row that does not say. The fingerprint is the external id, else of all that the row
    says.
    """
    count = len(lines)
    columns = _columns([key for key, _ in (*ABOUT_ACCOUNT, *ABOUT_LOSS)], values, count)
    columns["lost_by_id"] = list(lost_by_ids)
    columns["name_key"] = _name_keys(columns, keys)
    columns["kind"] = [said or kind for said in columns["kind"]]
    columns["lost_on"] = [
        lost_on or (min(last_day, today) if isinstance(last_day, date) else None)
        for lost_on, last_day in zip(columns["lost_on"], columns["last_day_on"], strict=True)
    ]
    columns["fingerprint"] = _fingerprints(values, columns, count)
    return [lines, *columns.values()]


def _columns(names: Sequence[str], values: Values, count: int) -> dict[str, list[object]]:
    """Put the values under the names of the table's columns; what the file has not is None."""
    return {
        name: _of(values, "account" if name == "name" else _SAME_FIELD.get(name, name), count)
        for name in names
    }


def _of(values: Values, field: str, count: int) -> list[object]:
    return values.get(field) or [None] * count


def _name_keys(columns: dict[str, list[object]], keys: NameKeys) -> list[object]:
    return [
        keys[str(name) if name is not None else f"Account {external_id}"]
        for name, external_id in zip(columns["name"], columns["external_id"], strict=True)
    ]


def _fingerprints(values: Values, columns: dict[str, list[object]], count: int) -> list[object]:
    given = _of(values, "external_id", count)
    if None not in given:
        return given
    told = zip(
        *(columns[name] for name in _TELLS_LOSSES_APART), _of(values, "lost_by", count), strict=True
    )
    return [external_id or _fingerprint(row) for external_id, row in zip(given, told, strict=True)]


def _fingerprint(row: Sequence[object]) -> str:
    words = "\x1f".join("" if value is None else str(value) for value in row)
    return "row-" + blake2b(words.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
