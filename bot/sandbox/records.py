"""What the workspace consists of: channels, messages and files, with Slack's view of each."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(slots=True)
class Channel:
    """A channel, or a direct message between the app and one person (`im`)."""

    id: str
    name: str
    kind: Literal["channel", "im"]
    created: int
    topic: str = ""
    members: list[str] = field(default_factory=list)
    private: bool = False
    archived: bool = False
    person: str | None = None

    def as_slack(self, member: str) -> Json:
        """The conversation object of the Web API, as that member sees it."""
        if self.kind == "im":
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_org_shared": False,
                "is_archived": self.archived,
                "user": self.person,
                "is_user_deleted": False,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_member": member in self.members,
            "created": self.created,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class Message:
    """One message; `only_for` makes it ephemeral, `source` is "command" for a command's answer."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    bot: bool = False
    only_for: str | None = None
    edited: str | None = None
    thread_ts: str | None = None
    source: str | None = None
    metadata: Json | None = None
    client_msg_id: str | None = None
    reactions: list[str] = field(default_factory=list)

    def seen_by(self, person: str) -> bool:
        return self.only_for is None or self.only_for == person


@dataclass(slots=True)
class File:
    """An upload; `done` once it was shared or completed, `asked` the length announced for it."""

    id: str
    name: str
    title: str
    user: str
    created: int
    size: int = 0
    asked: int = 0
    mimetype: str = "application/octet-stream"
    done: bool = False
    channels: list[str] = field(default_factory=list)

    def as_slack(self, address: str, team: str) -> Json:
        """The file object of the Web API; its URLs need the bot's token."""
        url = f"{address}/files/{team}-{self.id}/{self.name}"
        extension = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "binary"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user,
            "user_team": team,
            "editable": False,
            "size": self.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "url_private": url,
            "url_private_download": f"{address}/files/{team}-{self.id}/download/{self.name}",
            "permalink": f"{address}/files/{self.user}/{self.id}/{self.name}",
            "file_access": "visible",
            "channels": [c for c in self.channels if c.startswith("C")],
            "groups": [c for c in self.channels if c.startswith("G")],
            "ims": [c for c in self.channels if c.startswith("D")],
        }


def to_json(record: Channel | Message | File) -> Json:
    """The record as the store keeps it."""
    return asdict(record)
