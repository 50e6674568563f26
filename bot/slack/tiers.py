"""How often a method of the Web API may be called, kept before Slack has to say so."""

from __future__ import annotations


class Tier:
    """A bucket for each workspace: `spare` calls at once, refilled by so many `per_minute`.

    Each process keeps its own; where several together ask too often, Slack's 429 says so.
    """

    def __init__(self, per_minute: int, spare: int) -> None:
        self._between = 60 / per_minute
        self._spare = spare
        self._full_at: dict[str, float] = {}

    def wait(self, workspace_id: str, at: float) -> float:
        """Take one call at a time in seconds; give 0, or in how many seconds one may be taken."""
        full_at = max(self._full_at.get(workspace_id, at), at)
        wait = full_at - at - (self._spare - 1) * self._between
        if wait > 0:
            return wait
        self._full_at[workspace_id] = full_at + self._between
        return 0

    def close(self, workspace_id: str, until: float) -> None:
        """Give no more calls until a time."""
        self._full_at[workspace_id] = until + self._spare * self._between
