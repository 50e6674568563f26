"""What a file can tell us: its kinds, their fields, and the words people head columns with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file are about."""

    ACCOUNTS = "accounts"
    LOSSES = "losses"
    MEMBERS = "members"


class Reads(StrEnum):
    """How the cells of a field are read."""

    NAME = "name"
    TEXT = "text"
    STORY = "story"
    ID = "id"
    DAY = "day"
    SUM = "sum"
    CURRENCY = "currency"
    REASON = "reason"
    STAGE = "stage"
    KIND = "kind"
    ROLE = "role"
    EMAIL = "email"
    PLATFORM_ID = "platform id"
    ZONE = "zone"
    WEIGHT = "weight"
    YES_NO = "yes or no"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key in the code, the heading people read, and other words for it.

    `reads` is how its cells are read; `Reads.NOTHING` is a column that we write into exports and
    that an import passes over, because the desk itself decides it.
    """

    key: str
    label: str
    reads: Reads
    synonyms: frozenset[str] = frozenset()


def any_of(words: str) -> frozenset[str]:
    """Make a set of words out of a line of them, with commas between."""
    return frozenset(words.split(", "))


_ACCOUNT = Field(
    "account",
    "Account",
    Reads.NAME,
    any_of(
        "client, customer, company, account name, client name, customer name, company "
        "name, organization, organisation, organization name, business, business name, "
        "associated company, potential customer, firm, name, lost customer, lost account, "
        "customer lost, account lost"
    ),
)
_REASON = Field(
    "reason",
    "Reason",
    Reads.REASON,
    any_of(
        "loss reason, lost reason, churn reason, closed lost reason, cancellation reason, "
        "reason for loss, reason for leaving, reason lost, reason code, why, why lost, "
        "cause, reason for churn, reason stated, stated reason, cancel reason, "
        "termination reason, exit reason, win loss reason, why they left"
    ),
)
_VERIFIED = Field("verified", "Verified reason", Reads.REASON)
_COMPETITOR = Field(
    "competitor",
    "Competitor",
    Reads.TEXT,
    any_of(
        "lost to, competitor name, switched to, went to, primary competitor, main "
        "competitor, new supplier, new vendor, new provider, competition"
    ),
)
_VALUE = Field(
    "value",
    "Value",
    Reads.SUM,
    any_of(
        "amount, close value, deal value, contract value, annual value, account value, "
        "opportunity amount, deal amount, revenue, annual revenue, revenue lost, lost "
        "revenue, arr, acv, mrr, annual contract value, lifetime value, ltv, total value, "
        "turnover, yearly value, lost value, sales"
    ),
)
_CURRENCY = Field("currency", "Currency", Reads.CURRENCY, any_of("currency code, iso currency"))
_LAST_DAY = Field(
    "last_day",
    "Last day",
    Reads.DAY,
    any_of(
        "close date, closed date, closing date, actual close date, date closed, closed "
        "on, closed at, end date, ended on, contract end, contract end date, churn date, "
        "churned on, churned at, cancellation date, cancelled on, canceled on, cancelled "
        "at, canceled at, cancel date, termination date, leaving date, left on, last "
        "date, date, lost time, last day as customer"
    ),
)
_LOST_ON = Field(
    "lost_on",
    "Lost on",
    Reads.DAY,
    any_of("lost date, date lost, loss date, date of loss, lost at, lost day"),
)
_LOST_BY = Field(
    "lost_by",
    "Lost by",
    Reads.NAME,
    any_of(
        "sales agent, sales rep, rep, agent, salesperson, sales person, seller, owner, "
        "account owner, deal owner, opportunity owner, company owner, owner name, account "
        "manager, account executive, assigned to, sales representative, rep name, agent "
        "name, responsible, handled by"
    ),
)
_DECISION_MAKER = Field(
    "decision_maker",
    "Decision maker",
    Reads.NAME,
    any_of(
        "contact, contact name, primary contact, main contact, key contact, contact "
        "person, buyer, decision maker name, customer contact"
    ),
)
_PRODUCT = Field(
    "product",
    "Product",
    Reads.TEXT,
    any_of("product name, service, plan, item, package, product line, subscription"),
)
_TIER = Field("tier", "Tier", Reads.TEXT, any_of("segment, class, grade, account tier, priority"))
_REGION = Field(
    "region",
    "Region",
    Reads.TEXT,
    any_of("territory, regional office, sales region, area, district, market, zone, pool"),
)
_SECTOR = Field("sector", "Sector", Reads.TEXT, any_of("industry, vertical, line of business"))

_ACCOUNT_FIELDS = (
    _ACCOUNT,
    Field(
        "account_id",
        "External id",
        Reads.ID,
        any_of(
            "account id, customer id, client id, company id, id, crm id, record id, account "
            "number, customer number, client number, account no, customer no, account code, "
            "customer code, organization id, account ref, customer ref"
        ),
    ),
    _TIER,
    _REGION,
    _SECTOR,
    _VALUE,
    _CURRENCY,
    _PRODUCT,
    _DECISION_MAKER,
    _LOST_BY,
    _LAST_DAY,
    _REASON,
    _COMPETITOR,
    Field("state", "State", Reads.NOTHING),
    Field("holder", "Holder", Reads.NOTHING),
    _VERIFIED,
)

_LOSS_FIELDS = (
    _ACCOUNT,
    _REASON,
    Field(
        "what_happened",
        "What happened",
        Reads.STORY,
        any_of(
            "notes, note, comment, comments, description, details, story, feedback, remarks, "
            "explanation, loss notes, churn notes, reason details"
        ),
    ),
    _COMPETITOR,
    Field(
        "competitor_won_by",
        "How they won",
        Reads.TEXT,
        any_of("how the competitor won, competitor won by, won on, why they won"),
    ),
    _VALUE,
    _CURRENCY,
    _LAST_DAY,
    _LOST_ON,
    _DECISION_MAKER,
    _LOST_BY,
    _PRODUCT,
    Field("kind", "Kind", Reads.KIND, any_of("type, loss type, kind of loss, type of loss")),
    Field(
        "wake_on",
        "Wake-up date",
        Reads.DAY,
        any_of(
            "wake up, wake on, follow up date, follow up, revisit, revisit on, next contact, "
            "reconnect on, reconnect date, try again on, renewal date"
        ),
    ),
    Field(
        "preventable",
        "Preventable",
        Reads.YES_NO,
        any_of("avoidable, could we have prevented it, could have been prevented, prevented"),
    ),
    Field(
        "external_id",
        "External id",
        Reads.ID,
        any_of(
            "opportunity id, deal id, loss id, opp id, opportunity number, id, record id, "
            "case id, case number, ticket id, crm id, deal number, reference, ref"
        ),
    ),
    Field(
        "account_id",
        "Account id",
        Reads.ID,
        any_of(
            "customer id, client id, company id, account number, customer number, client "
            "number, account no, customer no, account code, customer code, organization id, "
            "account external id, associated company id"
        ),
    ),
    Field(
        "stage",
        "Stage",
        Reads.STAGE,
        any_of(
            "deal stage, opportunity stage, stage name, sales stage, status, outcome, result, "
            "deal status, opportunity status, pipeline stage, won lost, win loss"
        ),
    ),
    _TIER,
    _REGION,
    _SECTOR,
    _VERIFIED,
)

_MEMBER_FIELDS = (
    Field(
        "name",
        "Name",
        Reads.NAME,
        any_of(
            "full name, member, sales agent, agent, rep, sales rep, salesperson, sales "
            "person, seller, employee, employee name, user, user name, person, rep name, "
            "agent name, display name, team member, sales representative, account executive, "
            "colleague, real name"
        ),
    ),
    Field(
        "manager",
        "Manager",
        Reads.NAME,
        any_of(
            "sales manager, team lead, reports to, supervisor, boss, manager name, lead, line "
            "manager, team manager"
        ),
    ),
    _REGION,
    Field("role", "Role", Reads.ROLE, any_of("job, position, function, job title, title")),
    Field(
        "email",
        "Email",
        Reads.EMAIL,
        any_of("e mail, mail, email address, e mail address, work email"),
    ),
    Field(
        "platform_id",
        "Slack id",
        Reads.PLATFORM_ID,
        any_of("slack user id, slack, slack member id, member id, slack user, user id"),
    ),
    Field("time_zone", "Time zone", Reads.ZONE, any_of("timezone, tz, time zone name")),
    Field(
        "weight",
        "Weight",
        Reads.WEIGHT,
        any_of("fte, capacity, share, workload, part time, percentage, percent"),
    ),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.ACCOUNTS: _ACCOUNT_FIELDS,
    Kind.LOSSES: _LOSS_FIELDS,
    Kind.MEMBERS: _MEMBER_FIELDS,
}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETED = re.compile(r"[(\[].*?[)\]]")
_APART = re.compile(r"[\W_]+")


def folded(heading: str) -> str:
    """Fold a heading to the words under which spellings meet: "Close_Date*" is "close date".

    Units in brackets ("Value (USD)") and the suffix of a CRM's own fields ("Tier__c") do not count.
    """
    plain = _BRACKETED.sub(" ", heading) if _BRACKETED.sub("", heading).strip() else heading
    plain = _CAMEL.sub(" ", plain.strip().removesuffix("__c"))
    return " ".join(word for word in _APART.split(plain.lower()) if word)


def field_named(kind: Kind, words: str) -> Field | None:
    """Find a field of a kind by its key, label or a synonym; None where none is called that."""
    wanted = folded(words)
    for called in (_by_label, _by_synonym):
        for field in FIELDS[kind]:
            if called(field, wanted):
                return field
    return None


def _by_label(field: Field, wanted: str) -> bool:
    return wanted in {folded(field.label), folded(field.key)}


def _by_synonym(field: Field, wanted: str) -> bool:
    return wanted in field.synonyms
