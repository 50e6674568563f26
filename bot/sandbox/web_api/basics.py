"""Methods about the app and the workspace themselves."""

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import block_problems, view_problems
from bot.sandbox.pace import TIER_1, TIER_2, TIER_3, TIER_4
from bot.sandbox.records import Json
from bot.sandbox.web_api.call import Call, Method


async def api_test(call: Call) -> Json:
    """Give back what was sent."""
    if call.args.get("error"):
        raise SlackError(call.text("error"), args=dict(call.args))
    return {"ok": True, "args": dict(call.args)}


async def auth_test(call: Call) -> Json:
    """Who the token belongs to."""
    config = call.parts.config
    return {
        "ok": True,
        "url": f"{call.parts.posting.address}/",
        "team": config.story.workspace_name,
        "user": config.manifest.bot_name,
        "team_id": config.story.team_id,
        "user_id": config.bot_user,
        "bot_id": config.bot_id,
        "is_enterprise_install": False,
    }


async def auth_revoke(call: Call) -> Json:
    """Give the token up, unless it is only a test."""
    if call.flag("test"):
        return {"ok": True, "revoked": False}
    call.parts.grants.uninstall()
    return {"ok": True, "revoked": True}


async def apps_uninstall(call: Call) -> Json:
    """Remove the app from the workspace."""
    config = call.parts.config
    if call.need("client_id") != config.client_id:
        raise SlackError("invalid_client_id")
    if call.need("client_secret") != config.client_secret:
        raise SlackError("bad_client_secret")
    call.parts.grants.uninstall()
    return {"ok": True}


async def connections_open(call: Call) -> Json:
    """A URL for one Socket Mode connection."""
    address = call.parts.posting.address.replace("http", "ws", 1)
    ticket = call.parts.sockets.ticket()
    return {
        "ok": True,
        "url": f"{address}/link/?ticket={ticket}&app_id={call.parts.config.app_id}",
    }


async def oauth_access(call: Call) -> Json:
    """Trade a code of the consent page for a token."""
    return call.parts.grants.exchange(
        call.text("code"),
        call.text("client_id"),
        call.text("client_secret"),
        call.text("redirect_uri"),
    )


async def team_info(call: Call) -> Json:
    """The workspace's name and domain."""
    story = call.parts.config.story
    team = {"id": story.team_id, "name": story.workspace_name, "domain": story.workspace_domain}
    return {"ok": True, "team": team | {"email_domain": "", "icon": {"image_default": True}}}


async def blocks_validate(call: Call) -> Json:
    """Say what is wrong with blocks, a message or a view."""
    given = [n for n in ("blocks", "message", "view") if call.args.get(n)]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    kind = given[0]
    body = call.data(kind, None)
    if kind == "view":
        shown = str(body.get("type")) if isinstance(body, dict) else "modal"
        problems = view_problems(body, shown if shown in ("modal", "home") else "modal")
    else:
        blocks = body.get("blocks", []) if kind == "message" and isinstance(body, dict) else body
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        problems = block_problems(blocks, "message", "")
    if problems.found:
        found = [
            {"pointer": pointer, "code": "failed_constraint", "message": message}
            for pointer, message in problems.found
        ]
        raise SlackError(f"invalid_{kind}", errors=found)
    return {"ok": True}


METHODS = {
    "api.test": Method(api_test, per_minute=TIER_4, token=None),
    "auth.test": Method(auth_test, per_minute=600),
    "auth.revoke": Method(auth_revoke, per_minute=TIER_3),
    "apps.uninstall": Method(apps_uninstall, per_minute=TIER_1),
    "apps.connections.open": Method(connections_open, per_minute=TIER_3, token="app"),
    "oauth.v2.access": Method(oauth_access, per_minute=TIER_4, token=None),
    "team.info": Method(team_info, ("team:read",), TIER_3),
    "blocks.validate": Method(blocks_validate, per_minute=TIER_2, token=None),
}
