"""Methods about forms and the App Home."""

from bot.sandbox.errors import SlackError
from bot.sandbox.pace import TIER_4
from bot.sandbox.records import Json
from bot.sandbox.web_api.call import Call, Method


async def views_open(call: Call) -> Json:
    """Open a form for whoever the trigger belongs to."""
    view = call.data("view", None)
    trigger = call.parts.triggers.take(call.need("trigger_id"))
    return {"ok": True, "view": call.parts.views.open(trigger.person, view, trigger.channel)}


async def views_push(call: Call) -> Json:
    """Put a form on top of the one the trigger came from."""
    view = call.data("view", None)
    trigger = call.parts.triggers.take(call.need("trigger_id"))
    return {"ok": True, "view": call.parts.views.push(trigger.person, view)}


async def views_update(call: Call) -> Json:
    """Replace an open form."""
    view_id, external_id = call.text("view_id") or None, call.text("external_id") or None
    if view_id is None and external_id is None:
        raise SlackError("invalid_arguments")
    updated = call.parts.views.update(
        call.data("view", None),
        view_id=view_id,
        external_id=external_id,
        hash=call.text("hash") or None,
    )
    return {"ok": True, "view": updated}


async def views_publish(call: Call) -> Json:
    """Set someone's App Home."""
    if not call.parts.config.manifest.home_tab:
        raise SlackError("not_enabled")
    person = call.person(call.need("user_id"))
    view = call.data("view", None)
    hash = call.text("hash") or None
    return {"ok": True, "view": call.parts.views.publish(person.id, view, hash=hash)}


METHODS = {
    "views.open": Method(views_open, (), TIER_4),
    "views.push": Method(views_push, (), TIER_4),
    "views.update": Method(views_update, (), TIER_4),
    "views.publish": Method(views_publish, (), TIER_4),
}
