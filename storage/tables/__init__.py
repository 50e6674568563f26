"""The rows we keep. One file per topic; this face hands them on."""

from __future__ import annotations

from storage.tables.accounts import Account, ForgottenContact, Loss, Visit
from storage.tables.bounties import BountyPlan, Claim, ClaimNote, LedgerLine, Payout
from storage.tables.complaints import Complaint
from storage.tables.dealing import Assignment, Deadline, Deal, Turn
from storage.tables.follow_ups import FollowUp
from storage.tables.importing import (
    PendingImport,
    RememberedColumns,
    RememberedName,
    RememberedReason,
    ToldApart,
)
from storage.tables.messages import AuditEntry, Lane, Outbox, SeenEnvelope
from storage.tables.workspaces import Absence, Member, Setting, Workspace

__all__ = [
    "Absence",
    "Account",
    "Assignment",
    "AuditEntry",
    "BountyPlan",
    "Claim",
    "ClaimNote",
    "Complaint",
    "Deadline",
    "Deal",
    "FollowUp",
    "ForgottenContact",
    "Lane",
    "LedgerLine",
    "Loss",
    "Member",
    "Outbox",
    "Payout",
    "PendingImport",
    "RememberedColumns",
    "RememberedName",
    "RememberedReason",
    "SeenEnvelope",
    "Setting",
    "ToldApart",
    "Turn",
    "Visit",
    "Workspace",
]
