"""How fast Slack lets an app go: about a message a second per channel, and a tier per method."""

import math
from dataclasses import dataclass

from bot.sandbox.clock import MovableClock

TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
WORKSPACE_POSTS_PER_MINUTE = 300


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Pace:
    """Buckets that fill by the clock, moved or not; an empty one says for how long."""

    def __init__(
        self, clock: MovableClock, *, post_per_second: float, post_burst: int, tiers: bool
    ) -> None:
        self._clock = clock
        self._post_per_second = post_per_second
        self._post_burst = post_burst
        self._tiers = tiers
        self._buckets: dict[str, _Bucket] = {}

    def wait_for_method(self, method: str, per_minute: int) -> int:
        """0 if the method may be called now, else the seconds of Retry-After."""
        if not self._tiers:
            return 0
        return self._take(f"method/{method}", per_minute / 60, per_minute)

    def wait_for_post(self, channel: str) -> int:
        """0 if a message may be posted to the channel now, else the seconds of Retry-After."""
        if self._post_per_second <= 0:
            return 0
        if self._tiers:
            rate = WORKSPACE_POSTS_PER_MINUTE
            wait = self._take("workspace/posts", rate / 60, rate)
            if wait:
                return wait
        return self._take(f"channel/{channel}", self._post_per_second, self._post_burst)

    def _take(self, key: str, per_second: float, burst: int) -> int:
        now = self._clock.elapsed()
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, math.ceil((1 - bucket.tokens) / per_second))
