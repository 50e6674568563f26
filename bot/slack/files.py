"""Files in and out: fetched with the token from Slack alone, given in Slack's three steps."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.fallback import escape
from bot.slack.web_api import WebApi, asked, data_of
from domain.errors import Refused, SendFailed

MOST_BYTES = 20_000_000
_AT_ONCE = 64 * 1024
_SECONDS = 60.0
_SLACK = (".slack.com", ".slack-edge.com")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's name and bytes."""

    name: str
    content: bytes


async def fetch(api: WebApi, client: AsyncWebClient, file_id: str) -> Fetched:
    """Fetch a file of Slack's, 20 MB at most.

    Raises `Refused` where it is too large or cannot be had, `SendFailed` where Slack is away.
    """
    about = data_of(await asked(client.files_info(file=file_id))).get("file") or {}
    name = str(about.get("name") or "file")
    url = str(about.get("url_private_download") or about.get("url_private") or "")
    if not _is_trusted(url, api):
        raise Refused(f"“{name}” does not lie with Slack. Please drop the file itself here.")
    if int(about.get("size") or 0) > MOST_BYTES:
        raise _too_large(name)
    headers = {"Authorization": f"Bearer {client.token}"}
    return Fetched(name, await asked(_download(api, url, headers, name), seconds=_SECONDS))


async def give(
    client: AsyncWebClient, api: WebApi, *, channel: str, name: str, content: bytes, says: str
) -> None:
    """Share a file in a channel with a word about it. Raises `SendFailed`."""
    content = content or b"\n"  # Slack takes no empty file
    place = data_of(
        await asked(client.files_getUploadURLExternal(filename=name, length=len(content)))
    )
    await asked(_upload(api, str(place["upload_url"]), content), seconds=_SECONDS)
    shared: list[dict[str, Any]] = [{"id": place["file_id"], "title": name}]
    await asked(
        client.files_completeUploadExternal(
            files=shared, channel_id=channel, initial_comment=escape(says) or None
        )
    )


async def _download(api: WebApi, url: str, headers: dict[str, str], name: str) -> bytes:
    """Read the bytes; no redirect is followed, for the token must not go anywhere else."""
    async with api.session.get(url, headers=headers, allow_redirects=False) as answer:
        signed_out = answer.content_type == "text/html" and not name.endswith((".html", ".htm"))
        if answer.status != 200 or signed_out:
            raise Refused(f"Slack did not let me read “{name}”. Please try once more.")
        content = bytearray()
        async for piece in answer.content.iter_chunked(_AT_ONCE):
            content += piece
            if len(content) > MOST_BYTES:
                raise _too_large(name)
        return bytes(content)


async def _upload(api: WebApi, url: str, content: bytes) -> None:
    form = aiohttp.FormData()
    form.add_field(
        "file", BytesIO(content), filename="file", content_type="application/octet-stream"
    )
    async with api.session.post(url, data=form) as answer:
        if answer.status != 200:
            raise SendFailed(f"Slack did not take the file ({answer.status}).")


def _is_trusted(url: str, api: WebApi) -> bool:
    """Whether the token may be sent there: to Slack by https, or to where the Web API is."""
    try:
        parts, home = urlsplit(url), urlsplit(api.url)
        same = (parts.scheme, parts.hostname, parts.port) == (home.scheme, home.hostname, home.port)
    except ValueError:
        return False
    if same:
        return parts.scheme == "https" or api.is_local
    return parts.scheme == "https" and f".{parts.hostname}".endswith(_SLACK)


def _too_large(name: str) -> Refused:
    return Refused(f"“{name}” is larger than 20 MB. Please part it into smaller files.")
