"""One transaction of one workspace, and the only way to its rows."""

from __future__ import annotations

from functools import cached_property

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.accounts import Accounts
from storage.board import Board
from storage.bounties import Bounties
from storage.complaints import Complaints
from storage.deadlines import Deadlines
from storage.dealing import Dealing
from storage.dealing_out import Deals
from storage.drawer import Drawer
from storage.due import Due
from storage.follow_ups import FollowUps
from storage.forgetting import Forgetting
from storage.import_memory import ImportMemory
from storage.ledger import Ledger
from storage.members import Members
from storage.nudges import Nudges
from storage.outbox import OutboxWriter
from storage.plans import Plans
from storage.workspaces import Workspaces


class UnitOfWork:
    """What happens here happens whole on `commit`, or not at all."""

    def __init__(self, session: AsyncSession, workspace_id: str) -> None:
        self.session = session
        self.workspace_id = workspace_id
        self.committed = False
        self.outbox = OutboxWriter(session, workspace_id)

    @cached_property
    def workspaces(self) -> Workspaces:
        """The workspace itself: its settings, its audit log, what it has already heard."""
        return Workspaces(self.session, self.workspace_id)

    @cached_property
    def members(self) -> Members:
        """Its people."""
        return Members(self.session, self.workspace_id)

    @cached_property
    def accounts(self) -> Accounts:
        """Its customers, their losses and visits."""
        return Accounts(self.session, self.workspace_id)

    @cached_property
    def dealing(self) -> Dealing:
        """Its deals, assignments and turns."""
        return Dealing(self.session, self.workspace_id)

    @cached_property
    def deals(self) -> Deals:
        """What deals them out and takes them back."""
        return Deals(self.session, self.workspace_id)

    @cached_property
    def forgetting(self) -> Forgetting:
        """What is kept of people on the customers' side, and how it goes."""
        return Forgetting(self.session, self.workspace_id)

    @cached_property
    def drawer(self) -> Drawer:
        """The accounts that wait for a deal."""
        return Drawer(self.session, self.workspace_id)

    @cached_property
    def deadlines(self) -> Deadlines:
        """What is due in it."""
        return Deadlines(self.session, self.workspace_id)

    @cached_property
    def due(self) -> Due:
        """What has fallen due in it, for the jobs."""
        return Due(self.session, self.workspace_id)

    @cached_property
    def nudges(self) -> Nudges:
        """What was written for its members and has not gone out."""
        return Nudges(self.session, self.workspace_id)

    @cached_property
    def follow_ups(self) -> FollowUps:
        """What executives were asked to hear in person."""
        return FollowUps(self.session, self.workspace_id)

    @cached_property
    def complaints(self) -> Complaints:
        """What was said in confidence of its members."""
        return Complaints(self.session, self.workspace_id)

    @cached_property
    def bounties(self) -> Bounties:
        """Its claims."""
        return Bounties(self.session, self.workspace_id)

    @cached_property
    def plans(self) -> Plans:
        """The bounty plans that were and are in force."""
        return Plans(self.session, self.workspace_id)

    @cached_property
    def ledger(self) -> Ledger:
        """Its bounty ledger and the payments made of it."""
        return Ledger(self.session, self.workspace_id)

    @cached_property
    def board(self) -> Board:
        """What its leaderboard counts."""
        return Board(self.session, self.workspace_id)

    @cached_property
    def import_memory(self) -> ImportMemory:
        """Files that wait to be taken in, and how others like them were read."""
        return ImportMemory(self.session, self.workspace_id)

    async def commit(self) -> None:
        """Keep everything done so far."""
        await self.workspaces.write_audit()
        await self.session.commit()
        self.committed = True
