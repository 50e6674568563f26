"""What every repository shares: a session that is bound to one workspace."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession


class Repository:
    """Queries over the rows of one workspace; a subclass never reads past `workspace_id`."""

    def __init__(self, session: AsyncSession, workspace_id: str) -> None:
        self.session = session
        self.workspace_id = workspace_id
