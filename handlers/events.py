"""What people do, in words that no platform owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody spoke. `reply_to` is the platform's own way back, opaque to us."""

    channel_id: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did it, where. `envelope_id` is unique to this one act; a repeat bears the same."""

    workspace_id: str
    user_id: str
    envelope_id: str
    place: Place = field(default_factory=Place)
    platform: str = "slack"


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody typed `/lost NAME ARGS` (`/found X` is `found`); the name may be any word."""

    origin: Origin
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Somebody pressed a button. `inputs` are the fields on the same surface."""

    origin: Origin
    id: str
    payload: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """Somebody sent a form. An empty field is an empty string."""

    origin: Origin
    id: str
    values: Mapping[str, str]
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OptionsAsked:
    """Somebody types in a look-up field and wants what matches."""

    origin: Origin
    source: str
    typed: str


@dataclass(frozen=True, slots=True)
class FileShared:
    """Somebody gave the bot a file. `content` is its bytes, already fetched and bounded."""

    origin: Origin
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody opened the bot's own page."""

    origin: Origin


Event = Command | Action | FormSubmitted | FileShared | HomeOpened
