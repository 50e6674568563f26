"""Forms: what can be asked of a person, on any platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.views.elements import Element


@dataclass(frozen=True, slots=True)
class TextField:
    """Free text; `value` is filled in already. `most` is the longest that is taken."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False
    long: bool = False
    most: int = 2000


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of a short list: `options` are (value, label)."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LookupField:
    """One of a long list, found by typing: `source` is `accounts` or `members`.

    `shown` is the label of `value`. With accounts, a name not yet known may be chosen as new: its
    value then is `new:` and the name.
    """

    name: str
    label: str
    source: str
    value: str = ""
    shown: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PersonField:
    """Someone of the platform's own directory; the value is their platform user id."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ChannelField:
    """A channel of the platform, public or private; the value is its id."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class DateField:
    """A day, as YYYY-MM-DD."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CheckField:
    """A box to tick; the value is `yes` or empty."""

    name: str
    label: str
    says: str
    value: str = ""


Field = TextField | ChoiceField | LookupField | PersonField | ChannelField | DateField | CheckField


@dataclass(frozen=True, slots=True)
class Form:
    """A form: `id` is a row of the registry, `context` comes back with the answers.

    `title` and `submit` show at most 24 characters. `intro` stands above the fields.
    """

    id: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    intro: tuple[Element, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
