"""Who works in the sandbox, where they talk, and what a newcomer may try first."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.story import (
    Person,
    SeedChannel,
    Step,
    Story,
    Suggestion,
    TrafficEntry,
    seen,
)

TEAM_ID = "T0SANDBOX"
ANNOUNCEMENTS = "C0WINBACKS"

MAYA, SAM, LENA, JONAS, PRIYA = "U0MAYA", "U0SAM", "U0LENA", "U0JONAS", "U0PRIYA"
VICTOR, FIONA, DAN = "U0VICTOR", "U0FIONA", "U0DAN"

ROLES: dict[str, str] = {
    MAYA: "manager",
    SAM: "rep",
    LENA: "rep",
    JONAS: "rep",
    PRIYA: "rep",
    VICTOR: "executive",
    FIONA: "finance",
}
"""Everyone with a part in the work; Dan is the outsider."""

_PEOPLE = (
    Person(MAYA, "maya", "Maya Lindqvist", "Sales manager", "America/New_York",
           "New York", "7a4e9c", "manager", is_admin=True),
    Person(SAM, "sam", "Sam Okafor", "Sales rep", "America/New_York",
           "New York", "2f7d5b", "rep"),
    Person(LENA, "lena", "Lena Ortiz", "Sales rep", "America/Los_Angeles",
           "Los Angeles", "b0572f", "rep"),
    Person(JONAS, "jonas", "Jonas Weber", "Sales rep", "Europe/Berlin",
           "Berlin", "2f6bb0", "rep"),
    Person(PRIYA, "priya", "Priya Raman", "Sales rep", "Asia/Kolkata",
           "Kolkata", "a83a6b", "rep"),
    Person(VICTOR, "victor", "Victor Hale", "Managing director", "Europe/London",
           "London", "50606e", "executive"),
    Person(FIONA, "fiona", "Fiona Marsh", "Finance", "Europe/London",
           "London", "6b6f2a", "finance"),
    Person(DAN, "dan", "Dan Kim", "Warehouse, not in sales", "America/New_York",
           "New York", "8a5a44", "outsider"),
)  # fmt: skip
_EVERYONE = tuple(person.id for person in _PEOPLE)


def _sent(form: str) -> Callable[[TrafficEntry], bool]:
    """A predicate for `Step`: the form was sent, and the bot found nothing wrong with it."""
    submitted = seen("submit", form)

    def done_by(entry: TrafficEntry) -> bool:
        answer = entry.get("response") or {}
        return submitted(entry) and answer.get("response_action") != "errors"

    return done_by


def _logged(entry: TrafficEntry) -> bool:
    return seen("command", "/lost")(entry) and "," in str(entry["request"]["text"])


def _claimed(entry: TrafficEntry) -> bool:
    """A claim was sent by its form, or in one line with its value."""
    if not seen("command", "/found")(entry):  # other entries' responses may be mere words
        return _sent("claim.send")(entry)
    return str((entry["response"] or {}).get("text")).endswith(": claimed")


def _digest_came(entry: TrafficEntry) -> bool:
    """A day's digest went out, known by the id that every nudge carries."""
    posted = seen("api", "chat.postMessage")(entry)
    return posted and "digest:" in str(entry["request"].get("metadata"))


_STEPS = (
    Step("help", f"As <@{SAM}>, a rep, ask what there is to do: `/lost help`",
         seen("command", "/lost", text="help")),
    Step("log", "A customer left. Log it in one line: `/lost Acme Corp, price, went to Globex`",
         _logged),
    Step("form", "Or type only `/lost` and fill in the form", _sent("loss")),
    Step("drawer", f"As <@{MAYA}>, the manager, look into the drawer: `/lost drawer`",
         seen("command", "/lost", text="drawer")),
    Step("deal", "Deal it out: `/lost deal`, then press *Deal them out*",
         seen("action", "deal.confirm")),
    Step("mine", f"As <@{SAM}> again, read the DM from Lost & Found, and see what is "
         "yours: `/lost mine`", seen("command", "/lost", text="mine")),
    Step("clock", "Move the clock, at the top, to *Next Monday 09:00*. The day's digest comes "
         "as a DM", _digest_came),
    Step("visit", "You went to see one of them. Press its *Log visit*: you met the decision maker "
         "and heard why they really left", _sent("visit")),
    Step("found", "They came back! Press *They came back: claim it*, or type `/found ` and the "
         "account", _claimed),
    Step("approve", f"As <@{MAYA}>, press *Approve* in the DM, then see the `/lost board`",
         seen("action", "claim.approve")),
)  # fmt: skip

_SUGGESTIONS = {
    "/lost": (
        Suggestion("Acme Corp, price, went to Globex", "log a loss"),
        Suggestion("help", "what I can do for you"),
        Suggestion("mine", "my accounts"),
        Suggestion("visit ", "log a visit"),
        Suggestion("drawer", "the lost accounts"),
        Suggestion("deal", "deal the drawer out"),
        Suggestion("board", "the leaderboard"),
        Suggestion("team", "who is in"),
        Suggestion("settings", "what is decided"),
    ),
    "/found": (Suggestion("", "claim the customer who came back"),),
}

STORY = Story(
    people=_PEOPLE,
    channels=(
        SeedChannel("C0GENERAL", "general", "Everyone", _EVERYONE),
        SeedChannel(ANNOUNCEMENTS, "win-backs", "Who came back, and who we miss",
                    _EVERYONE, app_member=True),
        SeedChannel("C0SALES", "sales", "The team", (MAYA, SAM, LENA, JONAS, PRIYA),
                    app_member=True),
    ),
    steps=_STEPS,
    suggestions=_SUGGESTIONS,
    team_id=TEAM_ID,
    workspace_name="Larkfield Supply",
    workspace_domain="larkfield",
)  # fmt: skip
