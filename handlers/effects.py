"""What a handler wants the platform to do: returned, never called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Refused
from handlers.views.elements import View
from handlers.views.forms import Form


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer where the person spoke; only they see it unless `public`."""

    view: View
    public: bool = False


@dataclass(frozen=True, slots=True)
class ReplaceSource:
    """Put a new message in the place of the one whose button was pressed."""

    view: View


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a form; in answer to a form, put it in that one's place."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormErrors:
    """Keep the form open and say at each field what to mend; the key "" is the form as a whole."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UpdateHome:
    """Show this on the person's own page of the bot."""

    view: View


@dataclass(frozen=True, slots=True)
class SendFile:
    """Give the person a file, with a word about it."""

    name: str
    content: bytes
    says: str


@dataclass(frozen=True, slots=True)
class SendReport:
    """Give the person a report as a file, made once they have their answer, for it may take long.

    `file_format` is csv or xlsx. With a `filter` it is the part of the drawer that fits it.
    """

    report: str
    file_format: str
    filter: str | None = None


class RefusedWith(Refused):
    """The person can mend it with one press: `view` says so, and has the buttons.

    `sentence` says it where no buttons can stand, as in a form.
    """

    def __init__(self, sentence: str, view: View) -> None:
        super().__init__(sentence)
        self.view = view


Effect = Reply | ReplaceSource | OpenForm | FormErrors | UpdateHome | SendFile | SendReport
