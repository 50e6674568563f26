"""What goes wrong, by who has to mend it: the bot that called Slack, or the page that asked."""

from typing import Any


class SlackError(Exception):
    """A refusal in Slack's own words: `error` and what stands beside it in the answer."""

    def __init__(self, error: str, /, **beside: Any) -> None:
        super().__init__(error)
        self.error = error
        self.beside = beside

    def as_json(self) -> dict[str, Any]:
        """The answer of the Web API."""
        return {"ok": False, "error": self.error, **self.beside}


class Nonsense(Exception):
    """The page asked for something that cannot be: answered with 400."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message
