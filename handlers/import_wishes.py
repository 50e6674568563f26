"""How somebody wants a file to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from pydantic import TypeAdapter

from domain.columns import Kind, folded
from domain.written_days import Order


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants a file to be read; what is not said is found out.

    `mapping`: heading to field, in words. `where`: (heading, value) pairs; rows are taken that
    have, for each heading named, one of its values. `order`: of day and month, for all columns.
    `meanings`: reasons for words that match none, by those words in lower case. `fill_down`: rows
    without a name are about the account named above them; that is asked of each file anew.
    """

    kind: Kind | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    where: Sequence[tuple[str, str]] = ()
    order: Order | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)
    fill_down: bool = False

    @property
    def worth_remembering(self) -> bool:
        """Say whether there is anything in it that holds for the next file like this, too."""
        return bool(self.kind or self.mapping or self.order)

    def over(self, remembered: Wishes) -> Wishes:
        """Add what was wished for the last file like this; what is wished now counts first.

        Columns remembered for another kind of file are passed over.
        """
        if self.kind and remembered.kind and self.kind != remembered.kind:
            return self
        return replace(
            self,
            kind=self.kind or remembered.kind,
            mapping={**remembered.mapping, **self.mapping},
            order=self.order or remembered.order,
        )

    def to_json(self) -> str:
        """Write it down."""
        return _WISHES.dump_json(self).decode()

    @staticmethod
    def from_json(stored: str) -> Wishes:
        """Read what `to_json` wrote."""
        return _WISHES.validate_json(stored)


_WISHES = TypeAdapter(Wishes)


def signature(headings: Sequence[str]) -> str:
    """Name a set of headings, so that the next file with the same ones is known again."""
    words = "\x1f".join(folded(heading) for heading in headings)
    return blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()
