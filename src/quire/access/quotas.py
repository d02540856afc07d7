"""How many pages each principal may have read in a time. Counted in the file, so a restart forgets nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from limits import RateLimitItem

from quire.access.amounts import parse_amount, shown
from quire.access.database import AccessDatabase
from quire.access.principal import Principal
from quire.errors import QuotaExceeded

_TAKE = """
    INSERT INTO used_pages (counted_as, window_s, ends_at, pages) VALUES (:name, :window_s, :ends_at, :pages)
    ON CONFLICT DO UPDATE SET pages = pages + excluded.pages WHERE pages + excluded.pages <= :amount
"""
_GIVE_BACK = "UPDATE used_pages SET pages = max(0, pages - ?) WHERE counted_as = ? AND window_s = ? AND ends_at > ?"


class PageQuotas:
    """Windows that begin at multiples of their length since 1970, UTC: a day's at midnight.

    Args:
        default: for principals that name no quota; no limit when None.
        now: seconds since 1970.

    Raises:
        InvalidOption: the default is malformed.
    """

    def __init__(
        self, database: AccessDatabase, default: str | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._default = parse_amount(default) if default else None
        self._now = now

    async def take(self, principal: Principal, pages: int, *, client: str = "") -> None:
        """Takes so many pages out of the quota: all of them or, when it raises, none.

        Args:
            client: address of the client; counts where the principal is everyone.

        Raises:
            QuotaExceeded: there are not so many left; `retry_after_s` says when there will be, and is None when
                the quota is less than that many altogether.
            AccessUnavailable: the file cannot be written.
        """
        quota = self._quota(principal)
        if quota is None or pages < 1:
            return
        if pages > quota.amount:
            raise QuotaExceeded(f"{pages} pages are more than the quota of {shown(quota)}: ask for fewer")
        now = self._now()
        window_s = quota.get_expiry()
        ends_at = (int(now) // window_s + 1) * window_s
        if not await asyncio.to_thread(self._take, principal.counted_as(client), pages, quota, ends_at, now):
            raise QuotaExceeded(
                f"the quota of {shown(quota)} pages has no room for {pages} more: wait, or ask for fewer",
                retry_after_s=max(1.0, ends_at - now),
            )

    async def give_back(self, principal: Principal, pages: int, *, client: str = "") -> None:
        """Puts pages back that were taken and not read; those of a window that has ended are gone anyway.

        Raises:
            AccessUnavailable: the file cannot be written.
        """
        quota = self._quota(principal)
        if quota is not None and pages > 0:
            await asyncio.to_thread(self._give_back, principal.counted_as(client), pages, quota.get_expiry())

    def _quota(self, principal: Principal) -> RateLimitItem | None:
        return parse_amount(principal.quota) if principal.quota else self._default

    def _take(self, name: str, pages: int, quota: RateLimitItem, ends_at: int, now: float) -> bool:
        values = {
            "name": name,
            "window_s": quota.get_expiry(),
            "ends_at": ends_at,
            "pages": pages,
            "amount": quota.amount,
        }
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM used_pages WHERE ends_at <= ?", (int(now),))
            return connection.execute(_TAKE, values).rowcount > 0

    def _give_back(self, name: str, pages: int, window_s: int) -> None:
        with self._database.transaction() as connection:
            connection.execute(_GIVE_BACK, (pages, name, window_s, int(self._now())))
