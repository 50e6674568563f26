"""Who works in the sandbox, where they talk, and what a newcomer may try first."""

from __future__ import annotations

from bot.sandbox.story import Person, SeedChannel, Step, Story, Suggestion, seen

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

_STEPS = (
    Step("help", "As Sam, type `/lost help`", seen("command", "/lost", text="help")),
    Step("log", "Log a loss: `/lost Acme Corp, price, went to Globex`",
         lambda entry: seen("command", "/lost")(entry) and "," in str(entry["request"]["text"])),
    Step("form", "Type only `/lost` and fill the form", seen("view_submission")),
    Step("drawer", "As Maya, look into the drawer: `/lost drawer`",
         seen("command", "/lost", text="drawer")),
    Step("deal", "As Maya, deal it out: `/lost deal`, then press the button",
         seen("action", "deal.confirm")),
    Step("mine", "As a rep, see what came to you: `/lost mine`",
         seen("command", "/lost", text="mine")),
    Step("clock", "Move the clock to tomorrow 09:00 and read the digest", seen("clock")),
    Step("visit", "Log a visit: `/lost visit` and an account of yours",
         lambda entry: seen("command", "/lost")(entry)
         and str(entry["request"]["text"]).startswith("visit")),
    Step("found", "They came back: `/found` and that account", seen("command", "/found")),
    Step("approve", "As Maya, approve the claim, then `/lost board`",
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
