"""How many requests each principal may make in a time. Counted in memory, by this process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from typing import Final

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from quire.access.amounts import parse_amount, shown
from quire.access.principal import Principal
from quire.errors import RateLimited

_MAX_COUNTED: Final = 4096


class RateLimiter:
    """Sliding windows, two counters for each principal, so that memory does not grow with the rate.

    For one event loop. When very many clients come, those that were quiet longest are forgotten and start anew.

    Args:
        default: for principals that name no rate; no limit when None.

    Raises:
        InvalidOption: the default is malformed.
    """

    def __init__(self, default: str | None = None) -> None:
        self._default = parse_amount(default) if default else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._counted: OrderedDict[tuple[str, RateLimitItem], None] = OrderedDict()

    async def admit(self, principal: Principal, *, client: str = "") -> None:
        """Counts one request.

        Args:
            client: address of the client; counts where the principal is everyone.

        Raises:
            RateLimited: it is one too many, and was not counted; `retry_after_s` says when one more may come.
        """
        rate = parse_amount(principal.rate) if principal.rate else self._default
        if rate is None:
            return
        name = principal.counted_as(client)
        await self._remember(name, rate)
        if not await self._limiter.hit(rate, name):
            stats = await self._limiter.get_window_stats(rate, name)
            wait_s = max(1, math.ceil(stats.reset_time - time.time()))
            raise RateLimited(
                f"the {shown(rate)} requests of this key or address are used up: try again in {wait_s} s",
                retry_after_s=wait_s,
            )

    async def _remember(self, name: str, rate: RateLimitItem) -> None:
        self._counted[name, rate] = None
        self._counted.move_to_end((name, rate))
        if len(self._counted) > _MAX_COUNTED:
            (oldest, its_rate), _ = self._counted.popitem(last=False)
            await self._limiter.clear(its_rate, oldest)
