"""Making a workspace known."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import insert_ignoring
from storage.tables import Workspace


async def ensure_workspace(
    session: AsyncSession, workspace_id: str, *, now: datetime, name: str = ""
) -> bool:
    """Write the workspace's row unless it is there; say whether it is new."""
    return await insert_ignoring(
        session,
        Workspace,
        {
            "id": workspace_id,
            "platform": "slack",
            "name": name,
            "bot_user_id": "",
            "bot_token": "",
            "active": True,
            "created_at": now,
        },
    )
