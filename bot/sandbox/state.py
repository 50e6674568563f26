"""What the workspace is at this moment, and what of it outlives the process."""

import secrets
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.clock import MovableClock
from bot.sandbox.config import SandboxConfig
from bot.sandbox.records import Channel, File, Message, to_json
from bot.sandbox.store import Store
from bot.sandbox.story import Person

FLAGS = "flag"


def new_id(prefix: str) -> str:
    """An id as Slack's look: a letter for its kind and ten capitals or digits."""
    return prefix + secrets.token_hex(5).upper()


class Workspace:
    """People, channels, messages and files, kept in memory and written through to the store."""

    def __init__(self, config: SandboxConfig, store: Store, clock: MovableClock) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._load()

    def _load(self) -> None:
        self.people: dict[str, Person] = {p.id: p for p in self._config.story.people}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self._messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self._unread: dict[tuple[str, str], int] = defaultdict(int)
        self.installed: bool = self._store.get(FLAGS, "installed", True)
        self._last_ts: int = self._store.get(FLAGS, "last_ts", 0)
        offset: float = self._store.get(FLAGS, "clock_offset", 0.0)
        if abs(offset) > 0:
            self._clock.set_to(datetime.now(UTC) + timedelta(seconds=offset))
        for id, deleted in self._store.all("deactivated"):
            if id in self.people:
                self.people[id] = replace(self.people[id], deleted=deleted)
        self._seed()
        for id, body in self._store.all("channel"):
            self.channels[id] = Channel(**body)
        for id, body in self._store.all("file"):
            self.files[id] = File(**body)
        for _, body in self._store.all("message"):
            self._messages[body["channel"]][body["ts"]] = Message(**body)
        for key, count in self._store.all("unread"):
            person, channel = key.split("/")
            self._unread[person, channel] = count

    def _seed(self) -> None:
        created = int(self._clock.now().timestamp())
        for seed in self._config.story.channels:
            members = [*seed.members, *([self._config.bot_user] if seed.app_member else [])]
            self.channels[seed.id] = Channel(
                seed.id,
                seed.name,
                "channel",
                created,
                seed.topic,
                members,
                private=seed.is_private,
                archived=seed.is_archived,
            )
        for person in self.people.values():
            if not person.is_bot:
                dm = f"D{person.id[1:]}"
                members = [person.id, self._config.bot_user]
                self.channels[dm] = Channel(
                    dm, "directmessage", "im", created, members=members, person=person.id
                )

    def reset(self) -> None:
        """Forget everything but the story; the clock goes back to the real time."""
        self._store.clear()
        self._clock.set_real()
        self._load()

    def keep_clock(self) -> None:
        """Remember how far the clock was moved."""
        self._store.put(FLAGS, "clock_offset", self._clock.offset.total_seconds())

    def set_installed(self, installed: bool) -> None:
        self.installed = installed
        self._store.put(FLAGS, "installed", installed)

    def set_deleted(self, person: str, deleted: bool) -> None:
        """Deactivate someone, or bring them back. Raises KeyError for nobody."""
        self.people[person] = replace(self.people[person], deleted=deleted)
        self._store.put("deactivated", person, deleted)

    def next_ts(self) -> str:
        """A message's `ts`: the workspace's time in microseconds, unique and always growing."""
        now = int(self._clock.now().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        self._store.put(FLAGS, "last_ts", self._last_ts)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def local_time(self, zone: str) -> datetime:
        """The workspace's time on a wall clock in that zone."""
        return self._clock.now().astimezone(ZoneInfo(zone))

    # Channels

    def app_dm(self, person: str) -> Channel:
        """The direct message between the app and that person. Raises KeyError for nobody."""
        return self.channels[f"D{person[1:]}"]

    def channel_named(self, name: str) -> Channel | None:
        """The channel of that name, with or without its `#`."""
        wanted = name.removeprefix("#")
        return next(
            (c for c in self.channels.values() if c.kind == "channel" and c.name == wanted), None
        )

    def create_channel(self, name: str, creator: str) -> Channel:
        created = int(self._clock.now().timestamp())
        channel = Channel(new_id("C"), name, "channel", created, members=[creator])
        self.keep_channel(channel)
        return channel

    def keep_channel(self, channel: Channel) -> None:
        """Write a new or changed channel."""
        self.channels[channel.id] = channel
        self._store.put("channel", channel.id, to_json(channel))

    def visible_to(self, person: str) -> list[Channel]:
        """The channels a person can see: public ones, and private ones they are in."""
        return [
            c
            for c in self.channels.values()
            if c.kind == "channel" and (not c.private or person in c.members)
        ]

    # Messages

    def message(self, channel: str, ts: str) -> Message | None:
        return self._messages[channel].get(ts)

    def messages(
        self, channel: str, person: str, before: str | None = None, limit: int = 50
    ) -> tuple[list[Message], bool]:
        """The last messages before a `ts` a person sees, oldest first, and if there are more."""
        found: list[Message] = []
        for ts in reversed(self._messages[channel]):
            message = self._messages[channel][ts]
            if (before is not None and ts >= before) or not message.seen_by(person):
                continue
            if len(found) == limit:
                return found[::-1], True
            found.append(message)
        return found[::-1], False

    def last_ts(self, channel: str, person: str) -> str | None:
        """The `ts` of the last message a person sees in a channel."""
        last, _ = self.messages(channel, person, limit=1)
        return last[0].ts if last else None

    def keep_message(self, message: Message) -> None:
        """Write a new or changed message; an ephemeral one lives in memory only, as in Slack."""
        self._messages[message.channel][message.ts] = message
        if message.only_for is None:
            self._store.put("message", f"{message.ts}/{message.channel}", to_json(message))

    def drop_message(self, message: Message) -> None:
        self._messages[message.channel].pop(message.ts, None)
        self._store.drop("message", f"{message.ts}/{message.channel}")

    # Unread marks

    def unread(self, person: str, channel: str) -> int:
        return self._unread[person, channel]

    def count_unread(self, person: str, channel: str) -> int:
        """One more unread message; returns how many there are."""
        self._unread[person, channel] += 1
        self._store.put("unread", f"{person}/{channel}", self._unread[person, channel])
        return self._unread[person, channel]

    def mark_read(self, person: str, channel: str) -> None:
        self._unread.pop((person, channel), None)
        self._store.drop("unread", f"{person}/{channel}")

    # Files

    def keep_file(self, file: File, content: bytes | None = None) -> None:
        """Write a new or changed file and, where given, its bytes."""
        self.files[file.id] = file
        self._store.put("file", file.id, to_json(file))
        if content is not None:
            self._store.put_bytes(file.id, content)

    def content(self, file_id: str) -> bytes | None:
        return self._store.get_bytes(file_id)
