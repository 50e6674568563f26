"""Methods about files: the three steps of an upload, and what is known of one."""

from bot.sandbox.errors import SlackError
from bot.sandbox.pace import TIER_3, TIER_4
from bot.sandbox.records import Json
from bot.sandbox.web_api.call import Call, Method


async def upload_url(call: Call) -> Json:
    """First step: where to post the bytes."""
    name, length = call.need("filename"), call.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments")
    file = call.parts.uploads.announce(name, length)
    url = f"{call.parts.posting.address}/upload/v1/{file.id}"
    return {"ok": True, "upload_url": url, "file_id": file.id}


async def complete_upload(call: Call) -> Json:
    """Third step: share the files, or keep them private."""
    asked = call.data("files", [])
    if not isinstance(asked, list) or not asked or not all(isinstance(f, dict) for f in asked):
        raise SlackError("invalid_arguments")
    ids = [call.text("channel_id"), *call.text("channels").split(",")]
    channels = [call.channel(id) for id in dict.fromkeys(ids) if id]
    for channel in channels:
        if call.bot not in channel.members:
            raise SlackError("not_in_channel")
    files = [call.parts.uploads.complete(str(f.get("id")), f.get("title")) for f in asked]
    for channel in channels:
        call.parts.uploads.share_as_app(channel, files, call.text("initial_comment"))
    return {"ok": True, "files": [call.parts.uploads.as_slack(f) for f in files]}


async def files_info(call: Call) -> Json:
    """One file."""
    file = call.parts.workspace.files.get(call.need("file"))
    if file is None or not file.done or not call.parts.uploads.visible_to_app(file):
        raise SlackError("file_not_found")
    return {
        "ok": True,
        "file": call.parts.uploads.as_slack(file),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


async def files_upload(call: Call) -> Json:
    """The retired way."""
    raise SlackError("method_deprecated")


METHODS = {
    "files.getUploadURLExternal": Method(upload_url, ("files:write",), TIER_4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), TIER_4),
    "files.info": Method(files_info, ("files:read",), TIER_4),
    "files.upload": Method(files_upload, ("files:write",), TIER_3),
}
