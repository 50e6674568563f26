"""Files: dropped by people, or uploaded by the app in Slack's three steps."""

import mimetypes
from collections.abc import Sequence

from bot.sandbox.config import SandboxConfig
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.errors import SlackError
from bot.sandbox.posting import Posting
from bot.sandbox.records import Channel, File, Json
from bot.sandbox.state import Workspace, new_id


class Uploads:
    """Takes files in, shares them and gives them out."""

    def __init__(
        self,
        config: SandboxConfig,
        workspace: Workspace,
        posting: Posting,
        envelopes: Envelopes,
    ) -> None:
        self._config = config
        self._workspace = workspace
        self._posting = posting
        self._envelopes = envelopes

    def as_slack(self, file: File) -> Json:
        """The file object of the Web API."""
        return file.as_slack(self._posting.address, self._config.story.team_id)

    def visible_to_app(self, file: File) -> bool:
        """Whether the app may see a file: its own, one in a form, or one shared where it is."""
        channels = [self._workspace.channels[c] for c in file.channels]
        return not channels or any(self._config.bot_user in c.members for c in channels)

    def drop(self, person: str, name: str, content: bytes) -> File:
        """Keep a file that a person chose, not shared anywhere yet."""
        file = self._new(name, person, len(content))
        file.size, file.done = len(content), True
        self._workspace.keep_file(file, content)
        return file

    def share(self, person: str, channel: Channel, files: Sequence[File], text: str = "") -> None:
        """Post files of a person's to a channel; the app hears of each."""
        self._shared(files, channel)
        self._posting.post_as_person(channel, person, text, [f.id for f in files])

    def announce(self, name: str, length: int) -> File:
        """First step of the app's upload: say what will come."""
        file = self._new(name, self._config.bot_user, length)
        self._workspace.keep_file(file)
        return file

    def receive(self, file_id: str, content: bytes) -> None:
        """Second step: the bytes, as many as were announced.

        Raises SlackError: file_not_found, size_mismatch.
        """
        file = self._workspace.files.get(file_id)
        if file is None or file.done:
            raise SlackError("file_not_found")
        if len(content) != file.asked:
            raise SlackError("size_mismatch")
        file.size = len(content)
        self._workspace.keep_file(file, content)

    def complete(self, file_id: str, title: str | None) -> File:
        """Third step: the upload is there to be used. Raises SlackError file_not_found."""
        file = self._workspace.files.get(file_id)
        if file is None or file.done or (file.asked and not file.size):
            raise SlackError("file_not_found")
        file.done = True
        file.title = title or file.title
        self._workspace.keep_file(file)
        return file

    def share_as_app(self, channel: Channel, files: Sequence[File], comment: str) -> None:
        """Post the app's files to a channel."""
        self._shared(files, channel)
        self._posting.post_as_app(channel, comment, files=[f.id for f in files])

    def _new(self, name: str, user: str, length: int) -> File:
        created = int(float(self._workspace.next_ts()))
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return File(new_id("F"), name, name, user, created, asked=length, mimetype=kind)

    def _shared(self, files: Sequence[File], channel: Channel) -> None:
        for file in files:
            if channel.id not in file.channels:
                file.channels.append(channel.id)
            self._workspace.keep_file(file)
            if self._config.bot_user not in channel.members:
                continue
            self._envelopes.event(
                {
                    "type": "file_shared",
                    "channel_id": channel.id,
                    "file_id": file.id,
                    "user_id": file.user,
                    "file": {"id": file.id},
                    "event_ts": self._workspace.next_ts(),
                },
                self._config.bot_user,
            )
