"""The one error tree: what a person can mend, what a platform refused; all else is a bug."""

from __future__ import annotations


class LostAndFoundError(Exception):
    """Every error this project raises on purpose descends from here."""


class Refused(LostAndFoundError):
    """The person can mend it: `sentence` is shown to them as it is and says what to do.

    `field`: the form field it is about, where there is one.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class SendFailed(LostAndFoundError):
    """A platform did not take a message.

    `permanent`: trying again cannot help. `retry_after`: seconds the platform asked us to wait,
    or None where it did not say.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
