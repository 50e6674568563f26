"""Messages as they are written, changed and taken back, and who hears of it."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from bot.sandbox.block_ids import with_ids
from bot.sandbox.config import SandboxConfig
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.pings import Ping, pings_in
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.state import Workspace
from bot.sandbox.watchers import Watchers

MENTION = re.compile(r"(?<![\w&])@([\w.-]+)")
CHANNEL_LINK = re.compile(r"(?<![\w&])#([\w-]+)")
LINK = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+)")


def escaped(text: str) -> str:
    """What a person typed, with the three characters escaped that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Posting:
    """The one way a message gets into the workspace."""

    def __init__(
        self,
        config: SandboxConfig,
        workspace: Workspace,
        envelopes: Envelopes,
        watchers: Watchers,
    ) -> None:
        self._config = config
        self._workspace = workspace
        self._envelopes = envelopes
        self._watchers = watchers
        self.address = ""
        self.pings: list[Ping] = []

    def post_as_app(
        self,
        channel: Channel,
        text: str,
        blocks: Sequence[Json] = (),
        *,
        links_names: bool = False,
        **more: Any,
    ) -> Message:
        """Write a message of the app's; `more` are further fields of `Message`."""
        message = Message(
            channel.id,
            self._workspace.next_ts(),
            self._config.bot_user,
            text,
            with_ids(blocks),
            bot=True,
            **more,
        )
        self._note_pings(message, links_names=links_names)
        self._arrive(channel, message)
        return message

    def post_as_person(
        self, channel: Channel, person: str, text: str, files: Sequence[str] = (), **more: Any
    ) -> Message:
        """Write what a person typed, marked up as Slack does it, with the files they dropped."""
        marked = self.marked_up(text, labels=False)
        message = Message(
            channel.id,
            self._workspace.next_ts(),
            person,
            marked,
            client_msg_id=str(uuid4()),
            files=list(files),
            **more,
        )
        self._workspace.mark_read(person, channel.id)
        self._arrive(channel, message)
        return message

    def change(self, message: Message, **fields: Any) -> None:
        """Replace fields of a message and mark it as edited."""
        before = self.as_slack(message)
        for name, value in fields.items():
            setattr(message, name, with_ids(value) if name == "blocks" else value)
        message.edited = self._workspace.next_ts()
        self._note_pings(message, links_names=False)
        self._workspace.keep_message(message)
        self._tell("message_changed", message)
        self._send_event(
            message,
            {
                "subtype": "message_changed",
                "message": self.as_slack(message),
                "previous_message": before,
                "hidden": True,
                "ts": message.edited,
            },
        )

    def react(self, message: Message, name: str) -> None:
        """Put the app's reaction on a message."""
        message.reactions.append(name)
        self._workspace.keep_message(message)
        self._tell("message_changed", message)

    def delete(self, message: Message) -> None:
        """Take a message back."""
        self._workspace.drop_message(message)
        channel = self._workspace.channels[message.channel]
        for person in self._viewers(channel, message.only_for):
            self._watchers.tell(
                "message_deleted", {"channel": channel.id, "ts": message.ts}, person
            )
        self._send_event(
            message,
            {
                "subtype": "message_deleted",
                "deleted_ts": message.ts,
                "previous_message": self.as_slack(message),
                "hidden": True,
                "ts": self._workspace.next_ts(),
            },
        )

    def marked_up(self, text: str, *, labels: bool) -> str:
        """Typed text with escapes, and mentions, channels and links made into Slack's markup."""

        def mention(match: re.Match[str]) -> str:
            handle = match[1]
            if handle in ("channel", "here", "everyone"):
                return f"<!{handle}>"
            if handle == self._config.manifest.bot_name:
                return f"<@{self._config.bot_user}>"
            for person in self._workspace.people.values():
                if person.name == handle:
                    return f"<@{person.id}|{handle}>" if labels else f"<@{person.id}>"
            return match[0]

        def channel(match: re.Match[str]) -> str:
            found = self._workspace.channel_named(match[1])
            return f"<#{found.id}|{found.name}>" if found else match[0]

        linked = LINK.sub(r"<\1>", escaped(text))
        return CHANNEL_LINK.sub(channel, MENTION.sub(mention, linked))

    def as_slack(self, message: Message) -> Json:
        """The message object of the Web API and of payloads."""
        team = self._config.story.team_id
        body: Json = {"type": "message", "user": message.user, "ts": message.ts}
        body |= {"text": message.text, "team": team}
        if message.bot:
            body |= {"bot_id": self._config.bot_id, "app_id": self._config.app_id}
            body["bot_profile"] = {
                "id": self._config.bot_id,
                "app_id": self._config.app_id,
                "name": self._config.manifest.bot_name,
                "team_id": team,
                "deleted": False,
            }
        if message.client_msg_id and not message.bot:
            body["client_msg_id"] = message.client_msg_id
        if message.blocks:
            body["blocks"] = message.blocks
        if message.attachments:
            body["attachments"] = message.attachments
        if message.thread_ts:
            body["thread_ts"] = message.thread_ts
        if message.metadata:
            body["metadata"] = message.metadata
        if message.edited:
            body["edited"] = {"user": message.user, "ts": message.edited}
        if message.files:
            body["files"] = [
                self._workspace.files[id].as_slack(self.address, team) for id in message.files
            ]
        return body

    def as_page(self, message: Message) -> Json:
        """The message as the page draws it."""
        body: Json = {
            "ts": message.ts,
            "user": message.user,
            "bot": message.bot,
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "files": [
                {"id": f.id, "name": f.name, "size": f.size, "mimetype": f.mimetype}
                for f in (self._workspace.files[id] for id in message.files)
            ],
            "ephemeral": message.only_for is not None,
            "edited": message.edited is not None,
            "reactions": message.reactions,
        }
        if message.thread_ts:
            body["thread_ts"] = message.thread_ts
        if message.source:
            body["source"] = message.source
        return body

    def _arrive(self, channel: Channel, message: Message) -> None:
        self._workspace.keep_message(message)
        self._tell("message", message)
        for person in self._viewers(channel, message.only_for):
            if person != message.user and person in channel.members:
                unread = self._workspace.count_unread(person, channel.id)
                self._watchers.tell("unread", {"channel": channel.id, "unread": unread}, person)
        if message.source == "command" and not message.bot:
            return  # what is shown of a command in a channel makes no event
        more: Json = {}
        if message.files and not message.bot:
            more = {"subtype": "file_share", "upload": False, "display_as_bot": False}
        self._send_event(message, {**self.as_slack(message), **more})
        if not message.bot and f"<@{self._config.bot_user}>" in message.text:
            self._mention(channel, message)

    def _mention(self, channel: Channel, message: Message) -> None:
        if channel.kind == "channel" and self._config.bot_user in channel.members:
            body = self.as_slack(message)
            body |= {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
            self._envelopes.event(body, self._config.bot_user)

    def _send_event(self, message: Message, body: Json) -> None:
        """Tell the bot of a message where it is a member; ephemeral ones make no event."""
        channel = self._workspace.channels[message.channel]
        if message.only_for is not None or self._config.bot_user not in channel.members:
            return
        kind = "im" if channel.kind == "im" else ("group" if channel.private else "channel")
        event = {
            "type": "message",
            **body,
            "channel": channel.id,
            "channel_type": kind,
            "event_ts": body["ts"],
        }
        self._envelopes.event(event, self._config.bot_user)

    def _tell(self, event: str, message: Message) -> None:
        channel = self._workspace.channels[message.channel]
        body = {"channel": channel.id, "message": self.as_page(message)}
        for person in self._viewers(channel, message.only_for):
            self._watchers.tell(event, body, person)

    def _viewers(self, channel: Channel, only_for: str | None) -> list[str]:
        if only_for is not None:
            return [only_for]
        if channel.kind == "im" or channel.private:
            return [m for m in channel.members if m != self._config.bot_user]
        return list(self._workspace.people)

    def _note_pings(self, message: Message, *, links_names: bool) -> None:
        for kind, whom in pings_in(message.text, message.blocks, links_names=links_names):
            self.pings.append(Ping(message.channel, message.ts, kind, whom))
