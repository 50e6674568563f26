"""A complaint about how one of us behaved: told to that member's manager, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from domain.roles import Role
from handlers.context import Context, id_of
from handlers.views.confiding import told_in_confidence
from storage.tables import Account, Complaint, Loss, Member
from storage.unit_of_work import UnitOfWork

_LEADS = {Role.MANAGER, Role.EXECUTIVE, Role.ADMIN}


@dataclass(frozen=True, slots=True)
class Confidence:
    """What is told in confidence: whom it is about, to whom, the reason stated and the words."""

    about: Member
    told: Member
    reason: str
    words: str


async def confidant_of(work: UnitOfWork, member: Member) -> Member | None:
    """Give the one who hears of a member's conduct; None where there is nobody but themselves.

    It is their manager; without one, the first manager, executive or admin there is. Of who leads
    themselves no other manager hears.
    """
    if member.manager_id is not None:
        own = await work.members.by_id(member.manager_id)
        if own is not None and own.active:
            return own
    leads = member.role in _LEADS
    for role in (
        (Role.EXECUTIVE, Role.ADMIN) if leads else (Role.MANAGER, Role.EXECUTIVE, Role.ADMIN)
    ):
        for other in await work.members.with_role(role):
            if other.id != member.id:
                return other
    admins = [one for one in await work.members.platform_admins() if one.id != member.id]
    return admins[0] if admins else None


async def confide(context: Context, account: Account, loss: Loss, said: Confidence) -> None:
    """Keep what was said in confidence with a loss, and tell the one it is for."""
    complaint = Complaint(
        workspace_id=context.work.workspace_id,
        account_id=loss.account_id,
        loss_id=loss.id or 0,
        about_id=id_of(said.about),
        told_id=id_of(said.told),
        by_id=context.actor_id,
        at=context.now,
        reason=said.reason,
        words=said.words,
    )
    await context.work.complaints.add(complaint)
    if said.told.id != context.actor_id:
        await context.tell(
            said.told,
            told_in_confidence(account, said.about, context.actor, complaint, context.rules),
            kind="confidence",
            dedupe_key=f"confidence:{complaint.id}:{context.now.isoformat()}",
        )
