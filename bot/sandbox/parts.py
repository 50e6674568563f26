"""The parts of one running sandbox, put together in one place."""

from dataclasses import dataclass

from bot.sandbox.clock import ClockMover, MovableClock
from bot.sandbox.config import SandboxConfig
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.faults import Faults
from bot.sandbox.forms import Forms
from bot.sandbox.interactions import Interactions
from bot.sandbox.modals import Views
from bot.sandbox.oauth import Grants
from bot.sandbox.pace import Pace
from bot.sandbox.payloads import Payloads
from bot.sandbox.people import Membership
from bot.sandbox.posting import Posting
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.signed_http import SignedHttp
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.state import Workspace
from bot.sandbox.store import Store
from bot.sandbox.traffic import Traffic
from bot.sandbox.triggers import Triggers
from bot.sandbox.uploads import Uploads
from bot.sandbox.watchers import Watchers


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a route or a Web API method may need."""

    config: SandboxConfig
    clock: MovableClock
    mover: ClockMover
    store: Store
    watchers: Watchers
    traffic: Traffic
    faults: Faults
    pace: Pace
    envelopes: Envelopes
    sockets: SocketMode
    http: SignedHttp | None
    workspace: Workspace
    posting: Posting
    triggers: Triggers
    urls: ResponseUrls
    views: Views
    interactions: Interactions
    forms: Forms
    uploads: Uploads
    membership: Membership
    grants: Grants


def assemble(config: SandboxConfig, clock: MovableClock, store: Store) -> Parts:
    """Build the parts of one sandbox, each with the others it needs."""
    watchers = Watchers()
    workspace = Workspace(config, store, clock)
    traffic = Traffic(clock, watchers, store, config.story.steps)
    faults = Faults()
    envelopes = Envelopes(config, faults, traffic, watchers)
    sockets = SocketMode(config.app_id, config.ack_seconds, envelopes.tell_status)
    http = None
    if config.mode == "http" and config.events_url:
        http = SignedHttp(
            config.events_url, config.signing_secret, config.ack_seconds, envelopes.tell_status
        )
    envelopes.carrier = http or sockets
    posting = Posting(config, workspace, envelopes, watchers)
    triggers = Triggers(config.trigger_seconds)
    urls = ResponseUrls(config.response_url_seconds, workspace, posting)
    views = Views(config, store, watchers)
    payloads = Payloads(config, workspace)
    interactions = Interactions(
        config=config,
        workspace=workspace,
        envelopes=envelopes,
        posting=posting,
        payloads=payloads,
        triggers=triggers,
        urls=urls,
        views=views,
    )

    def tell_clock() -> None:
        workspace.keep_clock()
        watchers.tell("clock", {"now": clock.now().isoformat(), "moved": clock.moved})

    zones = [p.tz for p in config.story.people]
    return Parts(
        config=config,
        clock=clock,
        mover=ClockMover(clock, zones, config.on_clock_moved, tell_clock),
        store=store,
        watchers=watchers,
        traffic=traffic,
        faults=faults,
        pace=Pace(
            clock,
            post_per_second=config.post_per_second,
            post_burst=config.post_burst,
            tiers=config.enforce_rates,
        ),
        envelopes=envelopes,
        sockets=sockets,
        http=http,
        workspace=workspace,
        posting=posting,
        triggers=triggers,
        urls=urls,
        views=views,
        interactions=interactions,
        forms=Forms(
            envelopes=envelopes,
            payloads=payloads,
            triggers=triggers,
            urls=urls,
            views=views,
            interactions=interactions,
        ),
        uploads=Uploads(config, workspace, posting, envelopes),
        membership=Membership(config, workspace, envelopes),
        grants=Grants(config, workspace, envelopes),
    )


async def start_afresh(parts: Parts) -> None:
    """Empty the workspace down to its story, let the bot do the same, and tell every page."""
    parts.workspace.reset()
    parts.views.forget()
    parts.traffic.forget()
    parts.faults.clear()
    parts.posting.pings.clear()
    if parts.config.on_reset is not None:
        await parts.config.on_reset()
    parts.watchers.tell("reset", {})
