"""A win told to the team: the claimant is asked first, and writes the words."""

from __future__ import annotations

from domain.errors import Refused
from domain.names import tidy
from handlers.claim_facts import claim_meant
from handlers.context import Context
from handlers.effects import Effect, OpenForm, Reply
from handlers.events import Action, FormSubmitted
from handlers.views.claims import Shown
from handlers.views.elements import say
from handlers.views.wins import story_form, win_post


async def open_story(context: Context, event: Action) -> list[Effect]:
    """Open the form for the story of a win."""
    return [OpenForm(story_form(await _won(context, event.payload["claim"])))]


async def tell_story(context: Context, event: FormSubmitted) -> list[Effect]:
    """Post a win, once, in the words of the one who won it."""
    shown = await _won(context, event.context["claim"])
    story = event.values.get("story", "").strip()
    if not story:
        raise Refused("A sentence is enough: what won them?", field="story")
    channel = context.rules.leaderboard_channel or context.rules.team_channel
    if not channel:
        raise Refused("No channel is set to post in. A manager can: `/lost settings team_channel`.")
    view = win_post(shown, story, tidy(event.values.get("won_from", "")))
    posted = await context.post(channel, view, kind="win", dedupe_key=f"win:{shown.claim.id}")
    return [Reply(say("It is on its way." if posted else "It was posted already."))]


async def _won(context: Context, claim_id: str) -> Shown:
    shown = await claim_meant(context, claim_id)
    if shown.claim.member_id != context.actor_id:
        raise Refused(f"The story is {shown.claimant.name}’s to tell.")
    if shown.claim.state != "approved":
        raise Refused(f"That claim is {shown.claim.state}; there is no win to tell of yet.")
    return shown
