"""response_url: five answers in thirty minutes, private unless said otherwise."""

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import check_message
from bot.sandbox.posting import Posting
from bot.sandbox.records import Json, Message
from bot.sandbox.state import Workspace

USES = 5


@dataclass(slots=True)
class _Url:
    person: str
    channel: str
    expires: float
    original: str | None
    uses: int = 0


class ResponseUrls:
    """Gives out the URLs and does what is posted to them."""

    def __init__(self, seconds: float, workspace: Workspace, posting: Posting) -> None:
        self._seconds = seconds
        self._workspace = workspace
        self._posting = posting
        self._known: dict[str, _Url] = {}

    def give(self, person: str, channel: str, original: str | None = None) -> str:
        """The URL for one interaction; `original` is the `ts` of the message it came from."""
        now = time.monotonic()
        self._known = {k: u for k, u in self._known.items() if u.expires + 600 > now}
        path = f"/actions/T/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(16)}"
        self._known[path] = _Url(person, channel, now + self._seconds, original)
        return self._posting.address + path

    def answer(self, path: str, body: Json) -> None:
        """Do what was posted.

        Raises SlackError: no_such_url, expired_url, used_url, no_text, invalid_blocks,
        message_not_found.
        """
        url = self._known.get(path)
        if url is None:
            raise SlackError("no_such_url")
        if time.monotonic() > url.expires:
            raise SlackError("expired_url")
        if url.uses >= USES:
            raise SlackError("used_url")
        self.respond(url.person, url.channel, body, original=url.original)
        url.uses += 1

    def respond(
        self, person: str, channel_id: str, body: Json, original: str | None = None
    ) -> Message | None:
        """Carry out an answer to a command or an action, as an ack or a response_url gives it.

        Raises SlackError: no_text, invalid_blocks, message_not_found.
        """
        message = self._workspace.message(channel_id, original) if original else None
        if body.get("delete_original"):
            if message is None:
                raise SlackError("message_not_found")
            self._posting.delete(message)
            if not (body.get("text") or body.get("blocks")):
                return None
        text, blocks = str(body.get("text") or ""), body.get("blocks") or []
        check_message(text, blocks, body.get("attachments") or [])
        if body.get("replace_original") and original:
            if message is None:
                raise SlackError("message_not_found")
            self._posting.change(message, text=text, blocks=blocks)
            return message
        in_channel = body.get("response_type") == "in_channel"
        return self._posting.post_as_app(
            self._workspace.channels[channel_id],
            text,
            blocks,
            only_for=None if in_channel else person,
            attachments=list(body.get("attachments") or []),
            source="command" if original is None else None,
            links_names=body.get("parse") == "full" or bool(body.get("link_names")),
        )
