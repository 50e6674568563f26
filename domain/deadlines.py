"""The deadline ladder of an account in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.rules import Rules


class Step(StrEnum):
    """What can fall due on an account; the values are stored."""

    CONTACT = "contact"
    MEETING = "meeting"
    OVERDUE = "overdue"
    REVISIT = "revisit"
    NEXT_STEP = "next step"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder and the local day on which it is due."""

    step: Step
    due_on: date


def ladder(assigned_on: date, rules: Rules) -> list[Rung]:
    """Give what is due on an account dealt on a day: first contact, meeting, then the manager."""
    return [
        Rung(Step.CONTACT, assigned_on + timedelta(days=rules.contact_days)),
        Rung(Step.MEETING, assigned_on + timedelta(days=rules.meeting_days)),
        Rung(Step.OVERDUE, assigned_on + timedelta(days=rules.overdue_days)),
    ]
