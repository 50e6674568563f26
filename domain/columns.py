"""What a file can tell us: its kinds, their fields, and the words people head columns with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.headings_abroad import ABROAD
from domain.names import unaccented


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
    that an import passes over, because the desk itself decides it. Of two columns headed with
    `synonyms` the one with the earlier word is the field.
    """

    key: str
    label: str
    reads: Reads
    synonyms: tuple[str, ...] = ()


def _field(key: str, label: str, reads: Reads, words: str = "", last: str = "") -> Field:
    """Make a field of lines of words, with commas between; those of other languages are added.

    `last` are words so general that any other column comes before.
    """
    lines = (words, ABROAD.get(key, ""), last)
    return Field(
        key, label, reads, tuple(word for line in lines if line for word in line.split(", "))
    )


_ACCOUNT = _field(
    "account",
    "Account",
    Reads.NAME,
    "account name, customer name, client name, company name, organization name, "
    "organisation name, business name, customer, client, company, organization, organisation, "
    "associated company, potential customer, business, firm, lost customer, lost account, "
    "customer lost, account lost, lead name, account company, account company name",
    last="customer description, nom, nombre, naam, nome, name 1, name",
)
_REASON = _field(
    "reason",
    "Reason",
    Reads.REASON,
    "loss reason, lost reason, churn reason, closed lost reason, cancellation reason, "
    "reason for loss, reason for leaving, reason lost, reason code, why, why lost, "
    "cause, reason for churn, reason stated, stated reason, cancel reason, "
    "termination reason, exit reason, win loss reason, why they left, "
    "churn reason category, state reason",
    last="status reason",
)
_VERIFIED = _field("verified", "Verified reason", Reads.REASON)
_COMPETITOR = _field(
    "competitor",
    "Competitor",
    Reads.TEXT,
    "lost to, competitor name, switched to, went to, primary competitor, main "
    "competitor, new supplier, new vendor, new provider, competition",
)
_VALUE = _field(
    "value",
    "Value",
    Reads.SUM,
    "churned mrr, churned arr, lost mrr, lost arr, mrr lost, arr lost, mrr churned, arr churned, "
    "amount, close value, deal value, contract value, annual value, account value, "
    "opportunity amount, deal amount, revenue, annual revenue, revenue lost, lost "
    "revenue, arr, acv, mrr, annual contract value, lifetime value, ltv, total value, "
    "turnover, yearly value, lost value, worth, spend, annual spend, yearly spend, monthly spend, "
    "opportunity value, sales, recurring amount, unit amount, plan amount",
    last="estimated value, estimated revenue, est revenue, est value, expected revenue",
)
_CURRENCY = _field(
    "currency",
    "Currency",
    Reads.CURRENCY,
    "currency code, currency iso code, iso currency, amount currency, value currency, "
    "currency of value, deal currency, opportunity currency, bid currency",
)
_LAST_DAY = _field(
    "last_day",
    "Last day",
    Reads.DAY,
    "close date, closed date, closing date, actual close date, date closed, closed "
    "on, closed at, end date, ended on, contract end, contract end date, churn date, "
    "churned on, churned at, cancellation date, cancelled on, canceled on, cancelled "
    "at, canceled at, cancel date, termination date, leaving date, left on, left, "
    "lost time, last day as customer, last date, date churned, churned date, date of churn, "
    "date cancelled, date canceled, cancelled date, canceled date, date left, when left, "
    "when they left, cancellation effective date, effective cancellation date, churn month, "
    "month of churn, churn quarter",
    last="date",
)
_LOST_ON = _field(
    "lost_on",
    "Lost on",
    Reads.DAY,
    "lost date, date lost, loss date, date of loss, lost at, lost day, when lost, lost when, "
    "month lost, quarter lost",
)
_LOST_BY = _field(
    "lost_by",
    "Lost by",
    Reads.NAME,
    "sales agent, sales rep, rep, agent, salesperson, sales person, seller, owner, "
    "account owner, deal owner, opportunity owner, company owner, owner name, account "
    "manager, account executive, assigned to, sales representative, rep name, agent "
    "name, responsible, responsible user, handled by, owned by, sales owner, "
    "customer success manager, csm, csm name, ae, who owned it, who lost it, "
    "success manager, cs manager, customer success, relationship manager",
    last="user name, person",
)
_DECISION_MAKER = _field(
    "decision_maker",
    "Decision maker",
    Reads.NAME,
    "contact, contact name, primary contact, main contact, key contact, associated contact, "
    "contact person, buyer, decision maker name, customer contact",
)
_PRODUCT = _field(
    "product",
    "Product",
    Reads.TEXT,
    "product name, service, plan, item, package, product line, subscription",
)
_TIER = _field("tier", "Tier", Reads.TEXT, "segment, class, grade, account tier, priority")
_REGION = _field(
    "region",
    "Region",
    Reads.TEXT,
    "territory, regional office, sales region, area, district, market, zone, pool",
)
_SECTOR = _field("sector", "Sector", Reads.TEXT, "industry, vertical, line of business")

_ACCOUNT_FIELDS = (
    _ACCOUNT,
    _field(
        "account_id",
        "External id",
        Reads.ID,
        "account id, customer id, client id, company id, id, crm id, record id, account "
        "number, customer number, client number, account no, customer no, account code, "
        "customer code, organization id, account ref, customer ref",
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
    _field("state", "State", Reads.NOTHING),
    _field("holder", "Holder", Reads.NOTHING),
    _VERIFIED,
)

_LOSS_FIELDS = (
    _ACCOUNT,
    _REASON,
    _field(
        "what_happened",
        "What happened",
        Reads.STORY,
        "notes, note, comment, comments, description, details, story, feedback, remarks, "
        "explanation, additional comments, additional notes, loss notes, churn notes, "
        "reason details, reason detail",
    ),
    _COMPETITOR,
    _field(
        "competitor_won_by",
        "How they won",
        Reads.TEXT,
        "how the competitor won, competitor won by, won on, why they won",
    ),
    _VALUE,
    _CURRENCY,
    _LAST_DAY,
    _LOST_ON,
    _DECISION_MAKER,
    _LOST_BY,
    _PRODUCT,
    _field("kind", "Kind", Reads.KIND, "type, loss type, kind of loss, type of loss"),
    _field(
        "wake_on",
        "Wake-up date",
        Reads.DAY,
        "wake up, wake on, follow up date, follow up, revisit, revisit on, next contact, "
        "reconnect on, reconnect date, try again on",
    ),
    _field(
        "preventable",
        "Preventable",
        Reads.YES_NO,
        "avoidable, could we have prevented it, could have been prevented, prevented, "
        "could we have saved it, saveable, savable",
    ),
    _field(
        "external_id",
        "External id",
        Reads.ID,
        "opportunity id, deal id, loss id, opp id, opportunity number, id, record id, "
        "case id, case number, ticket id, crm id, deal number, reference, ref",
    ),
    _field(
        "account_id",
        "Account id",
        Reads.ID,
        "customer id, client id, company id, account number, customer number, client "
        "number, account no, customer no, account code, customer code, organization id, "
        "account external id, associated company id",
    ),
    _field(
        "stage",
        "Stage",
        Reads.STAGE,
        "deal stage, opportunity stage, stage name, sales stage, status, outcome, result, "
        "deal status, opportunity status, opportunity state, pipeline stage, won lost, win loss, "
        "status type, subscription status, account status, customer status, lifecycle stage, "
        "customer stage, lifecycle",
        last="churned, is churned, has churned, lost, is lost, won, is won, active, is active, "
        "state",
    ),
    _TIER,
    _REGION,
    _SECTOR,
    _VERIFIED,
)

_MEMBER_FIELDS = (
    _field(
        "name",
        "Name",
        Reads.NAME,
        "full name, member, sales agent, agent, rep, sales rep, salesperson, sales "
        "person, seller, employee, employee name, person, rep name, agent name, real name, "
        "display name, team member, sales representative, account executive, colleague",
        last="user, user name",
    ),
    _field(
        "manager",
        "Manager",
        Reads.NAME,
        "sales manager, team lead, reports to, supervisor, boss, manager name, lead, line "
        "manager, team manager",
    ),
    _REGION,
    _field("role", "Role", Reads.ROLE, "job, position, function, job title, title"),
    _field(
        "email",
        "Email",
        Reads.EMAIL,
        "e mail, mail, email address, e mail address, work email",
    ),
    _field(
        "platform_id",
        "Slack id",
        Reads.PLATFORM_ID,
        "slack user id, slack, slack member id, member id, slack user, user id",
    ),
    _field("time_zone", "Time zone", Reads.ZONE, "timezone, tz, time zone name"),
    _field(
        "weight",
        "Weight",
        Reads.WEIGHT,
        "fte, capacity, share, workload, part time, percentage, percent",
    ),
    _field("first_name", "First name", Reads.NAME, "given name, forename, vorname, prenom"),
    _field("last_name", "Last name", Reads.NAME, "surname, family name, nachname, apellido"),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.ACCOUNTS: _ACCOUNT_FIELDS,
    Kind.LOSSES: _LOSS_FIELDS,
    Kind.MEMBERS: _MEMBER_FIELDS,
}

WHO: dict[Kind, tuple[str, ...]] = {
    Kind.ACCOUNTS: ("account", "account_id"),
    Kind.LOSSES: ("account", "account_id"),
    Kind.MEMBERS: ("name", "first_name", "last_name", "email", "platform_id"),
}
"""The fields of which each row needs one, for it to be about somebody."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETED = re.compile(r"[(\[].*?[)\]]")
_APART = re.compile(r"[\W_]+")
_OWN_FIELD = re.compile("__c$", re.IGNORECASE)


def folded(heading: str) -> str:
    """Fold a heading to the words under which spellings meet: "Close_Date*" is "close date".

    Accents, units in brackets ("Value (USD)") and the suffix of a CRM's own fields ("Tier__c") do
    not count.
    """
    plain = _BRACKETED.sub(" ", heading) if _BRACKETED.sub("", heading).strip() else heading
    plain = unaccented(_CAMEL.sub(" ", _OWN_FIELD.sub("", plain.strip())))
    return " ".join(word for word in _APART.split(plain.casefold()) if word)


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
