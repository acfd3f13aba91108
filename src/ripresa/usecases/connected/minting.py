"""Coupons made in the shop, in batches and ahead of need (CPN-1).

Codes are drawn by us and written down before the shop hears of them: where no answer comes, the same codes
are asked for again, so none is lost and none is made twice. They lie in their pool like those of a file.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import CouponWanted
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import queries as connections
from ripresa.domain.coupons import minting, pools, queries
from ripresa.domain.coupons.models import CouponMint, CouponPool
from ripresa.usecases.add_codes import NewCode, add_codes
from ripresa.usecases.connected.opening import Opened, Opener

LOOK_EVERY = timedelta(minutes=1)
_PAUSE = timedelta(minutes=10)
# So many are asked for at once; one shop takes no more than 250.
_BATCH = 200
_PATIENCE = timedelta(seconds=10)

_log = structlog.get_logger("ripresa.coupons")


@dataclass(frozen=True, slots=True)
class Minter:
    """Keeps pools filled that shops mint for."""

    opener: Opener

    def mint_due(self, *, shop_id: int, now: datetime) -> int:
        """Look after the pools of a shop that are due; returns how many those were."""
        due = minting.take_due(shop_id=shop_id, now=now)
        for one in due:
            self.mint(one, now)
        return len(due)

    def mint(self, mint: CouponMint, now: datetime) -> str:
        """Fill one pool up; returns why it could not be done, empty if it was."""
        pool = queries.find_pool(mint.shop_id, mint.pool_id)
        connection = connections.get(mint.shop_id, mint.connection_id)
        trouble = ""
        try:
            if connection.closed_at is not None:
                trouble = f"{connection.name} is closed"
            elif pool is not None:
                _fill(mint, pool, self.opener.open(connection, now), now)
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as wrong:
            trouble = str(wrong)
            _log.warning("no coupons minted", connection=connection.name, reason=trouble)
        minting.settle(mint, due_at=now + (_PAUSE if trouble else LOOK_EVERY), trouble=trouble)
        return trouble


def _fill(mint: CouponMint, pool: CouponPool, opened: Opened, now: datetime) -> None:
    make = opened.connector.mint
    if make is None:
        raise NotLetIn(f"{opened.connector.label} makes no coupons")
    _check(mint, pool, opened)
    while mint.drawn or (lacking := mint.ahead - minting.free_codes(mint, now)) > 0:
        if not mint.drawn:
            minting.draw(mint, min(lacking, _BATCH), now)
        made = set(make(opened.settings, _wanted(mint, pool)))
        new = [NewCode(code, mint.drawn_until) for code in mint.drawn if code in made]
        if new:
            add_codes(shop_id=mint.shop_id, pool=pool, codes=new, now=now)
        minting.forget_drawn(mint)
        if not new:
            raise ShopAway(f"{opened.connector.label} made none of the codes")


def _check(mint: CouponMint, pool: CouponPool, opened: Opened) -> None:
    """Codes of a batch live and end together in the shop: if the next one is gone, so are those behind it."""
    stands, code = opened.connector.code_stands, minting.any_free_code(mint)
    if stands is None or code is None or stands(opened.settings, code, _PATIENCE) is not False:
        return
    dropped = pools.empty_pool(shop_id=mint.shop_id, pool=pool)
    _log.warning("codes are gone from the shop", pool=pool.name, thrown_away=dropped)


def _wanted(mint: CouponMint, pool: CouponPool) -> CouponWanted:
    until = mint.drawn_until
    # What ends at another time has another name: some shops keep the end with the name.
    month = "" if until is None else f" until {until:%Y-%m-%d}"
    return CouponWanted(
        name=f"Ripresa {pool.name}{month}",
        codes=tuple(mint.drawn),
        value=mint.value,
        currency=mint.currency,
        is_percent=mint.is_percent,
        minimum=mint.minimum,
        valid_until=until,
    )
