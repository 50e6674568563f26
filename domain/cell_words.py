"""Cells that hold one of a few words: stages, kinds of loss, roles, yes and no."""

from __future__ import annotations

import re
from enum import StrEnum

from domain.columns import folded
from domain.names import name_key
from domain.roles import Role


def any_of(words: str) -> frozenset[str]:
    """Make a set of words out of a line of them, with commas between."""
    return frozenset(words.split(", "))


class Stage(StrEnum):
    """What a stage or status says of a deal or customer."""

    LOST = "lost"
    WON = "won"
    OPEN = "open"


_LOST = any_of(
    "lost, churned, churn, cancelled, canceled, terminated, left, inactive, former, expired, dead, "
    "defected, closedlost, verloren, gekundigt, ehemalig, inaktiv, perdu, perdue, resilie, annule, "
    "inactif, perdido, perdida, cancelado, cancelada, inactivo, opgezegd, perso, persa, inattivo, "
    "inativo"
)
_WON = any_of(
    "won, active, current, live, closedwon, retained, renewed, gewonnen, aktiv, gagne, gagnee, "
    "actif, ganado, ganada, activo, actief, vinto, vinta, attivo, ganho, ganha, ativo"
)
_OPEN = any_of(
    "open, prospecting, engaging, qualification, qualified, qualify, negotiation, negotiating, "
    "proposal, discovery, demo, new, lead, pending, contacted, pipeline, prospect, evaluation, "
    "quoted, quote, offen, laufend, ouvert, ouverte, abierto, abierta, aperto, aperta, aberto"
)
_OF_CUSTOMERS = any_of(
    "churned, churn, cancelled, canceled, terminated, left, inactive, former, expired, active, "
    "current, live, renewed, gekundigt, aktiv, inaktiv, resilie, actif, inactif, activo, inactivo"
)
_KINDS = {
    "customer": any_of("customer, lost customer, account, client, churn, churned"),
    "deal": any_of("deal, lost deal, opportunity, lost opportunity, prospect"),
    "ebbing": any_of("ebbing, buys less, stopped buying, declining, shrinking, downgrade"),
}
_ROLES = {
    Role.REP: any_of(
        "rep, reps, sales rep, sales representative, sales agent, agent, seller, salesperson, "
        "account executive, account manager, ae, sales, sdr, bdr"
    ),
    Role.MANAGER: any_of(
        "manager, sales manager, team lead, lead, supervisor, regional manager, head of sales, "
        "sales director"
    ),
    Role.EXECUTIVE: any_of(
        "executive, exec, ceo, coo, cro, director, vp, vp sales, vice president, "
        "managing director, president, owner, founder"
    ),
    Role.FINANCE: any_of("finance, cfo, accounting, accountant, controller, payroll"),
    Role.ADMIN: any_of("admin, administrator"),
    Role.COLLEAGUE: any_of("colleague, support, billing, delivery, service, none, member"),
}
_YES = any_of("yes, y, true, t, 1, x, oui, ja, si, sí, sim, on, checked, ✓, ✔, ☑, ✅, 👍")
_NO = any_of("no, n, false, f, 0, non, nein, nee, nao, não, off, unchecked, ✗, ✘, ✖, ❌, ☐, 👎")
_PERHAPS = any_of("perhaps, maybe, partly, possibly, probably, unsure, not sure, unclear")
_FIGURE = re.compile(r"[^\w]*(?:[A-Z]{3} ?)?\d[\d\W]*(?: ?[A-Z]{3})?[^\w]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile("[A-Za-z]{3}")
_CODE_AT_END = re.compile(r"[\W_]([A-Z]{3})\W?$")  # "US Dollar (USD)", "Euro : EUR"
_CURRENCIES = {
    **dict.fromkeys(("us dollar", "us dollars", "u s dollar", "dollar us"), "USD"),
    **dict.fromkeys(("€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("£", "pound sterling", "british pound", "pounds"), "GBP"),
    **dict.fromkeys(("¥", "japanese yen", "yen"), "JPY"),
    **dict.fromkeys(("swiss franc", "schweizer franken"), "CHF"),
    **dict.fromkeys(("₹", "indian rupee"), "INR"),
    **{"canadian dollar": "CAD", "australian dollar": "AUD", "brazilian real": "BRL"},
    **{"new zealand dollar": "NZD", "singapore dollar": "SGD", "chinese yuan": "CNY"},
    **{"swedish krona": "SEK", "norwegian krone": "NOK", "danish krone": "DKK"},
    **{"polish zloty": "PLN", "mexican peso": "MXN", "south african rand": "ZAR"},
}
_AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "phd", "md", "mba", "cpa", "esq", "dr"})
_EMAIL = re.compile(r"[^@\s<>,;()]+@[^@\s<>,;()]+\.[^@\s<>,;()]+")
_PLATFORM_ID = re.compile(r"[UW](?=[A-Z]*\d)[A-Z0-9]{2,}")
_MENTIONED = re.compile(r"[UW][A-Z0-9]{2,}")


def is_figure(cell: str) -> bool:
    """Say whether a cell is an amount, a number or a date in figures; a year may be a heading."""
    plain = cell.strip()
    return _FIGURE.fullmatch(plain) is not None and not _YEAR.fullmatch(plain)


def read_stage(text: str, heading: str = "") -> Stage | None:
    """Say what a stage or status means; None where its words are not known.

    Under a `heading` such as "Lost" or "Is won" the cells may be yes and no.
    """
    words = folded(text).split()
    for stage, known in ((Stage.LOST, _LOST), (Stage.WON, _WON), (Stage.OPEN, _OPEN)):
        if known.intersection(words):
            return stage
    asked = folded(heading).split()[-1:]
    answer = read_yes_no(text) if asked else None
    if answer and _LOST.intersection(asked):
        return Stage.LOST if answer == "yes" else Stage.OPEN
    if answer and _WON.intersection(asked):
        return Stage.WON if answer == "yes" else Stage.LOST
    return None


def is_of_a_deal(stage: str) -> bool:
    """Say whether a stage is one of a deal; customers are active, cancel and churn."""
    return not _OF_CUSTOMERS.intersection(folded(stage).split()) and read_stage(stage) is not None


def read_kind(text: str) -> str | None:
    """Give the kind of loss that a cell names: customer, deal or ebbing."""
    wanted = folded(text)
    return next((kind for kind, words in _KINDS.items() if wanted in words), None)


def read_role(text: str) -> Role | None:
    """Give the role that a cell names."""
    wanted = folded(text)
    return next((role for role, words in _ROLES.items() if wanted in words), None)


def read_yes_no(text: str) -> str | None:
    """Give "yes", "perhaps" or "no" for a cell that says one of them in some way."""
    wanted = text.replace("\ufe0f", "").strip(" \t.!").lower()  # which makes a mark a picture
    for answer, words in (("yes", _YES), ("no", _NO), ("perhaps", _PERHAPS)):
        if wanted in words:
            return answer
    return None


def name_beside_email(text: str) -> str:
    """Give what stands beside an e-mail address: "Ada Fox" of "Ada Fox (ada@example.com)"."""
    return " ".join(_EMAIL.sub(" ", text).strip(" \t<>()[],;").split())


def person_name(name: str) -> str:
    """Give a person's name in the order it is said: "Ada Fox" for "Fox, Ada"."""
    last, comma, first = name.partition(",")
    if not comma or "," in first or not last.strip() or not first.strip():
        return name
    if name_key(first) in _AFTER_NAMES:
        return name
    return f"{first.strip()} {last.strip()}"


def read_email(text: str) -> str | None:
    """Give an e-mail address in lower case, out of "Ada <ada@example.com>" too."""
    found = _EMAIL.search(text)
    return found.group().lower() if found else None


def read_platform_id(text: str) -> str | None:
    """Give a Slack user id, as `U012AB3CD` or `<@U012AB3CD>`; words such as USD are none."""
    written = text.strip()
    plain = written.removeprefix("<@").removesuffix(">").partition("|")[0]
    known = _PLATFORM_ID if plain == written else _MENTIONED
    return plain if known.fullmatch(plain) else None


def read_currency(text: str) -> str | None:
    """Give the ISO code of a currency, from "eur", "€", "US Dollar" or "US Dollar : USD"."""
    plain = text.strip()
    if _CODE.fullmatch(plain):
        return plain.upper()
    coded = _CODE_AT_END.search(plain)
    return coded[1] if coded else _CURRENCIES.get(folded(plain) or plain)


def read_weight(text: str) -> int | None:
    """Give a share of full time in per cent, from "80", "80%" or "0.8"; 1 to 100."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(?:\.\d+)?", plain):
        return None
    share = float(plain)
    per_cent = round(share * 100) if share <= 1 and not text.strip().endswith("%") else round(share)
    return per_cent if 1 <= per_cent <= 100 else None
