"""Coupons made in the shop, in batches and ahead of need (CPN-1).

Codes are drawn by us and written down before the shop hears of them: where no answer comes, the same codes
are asked for again, so none is lost and none is made twice. They lie in their pool like those of a file.
A shop that can be asked about codes is: what it has not said to stand for a day is not given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway, Sums
from ripresa.contracts.shops.errands import CouponWanted
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import queries as connections
from ripresa.domain.connections.models import Connection
from ripresa.domain.coupons import minting, queries
from ripresa.domain.coupons.models import CouponMint, CouponPool
from ripresa.usecases.connected.opening import Opened, Opener
from ripresa.usecases.coupons.add_codes import NewCode, add_codes

LOOK_EVERY = timedelta(minutes=1)
_PAUSE = timedelta(minutes=10)
# So many are asked for at once; one shop takes no more than 250.
_BATCH = 200
# About so many codes a shop is asked at once, and so often before others have their turn.
_LOOKED_AT = 100
_MOST_LOOKS = 20
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
        trouble, is_refused = "", False
        try:
            if pool is not None:
                _fill(mint, pool, self.opener.open(self._connection(mint), now), now)
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as wrong:
            trouble, is_refused = said_by(wrong), not isinstance(wrong, ShopAway)
            _log.warning("no coupons minted", pool=pool and pool.name, reason=trouble)
        minting.settle(
            mint,
            due_at=now + (_PAUSE if trouble else LOOK_EVERY),
            trouble=trouble,
            is_refused=is_refused,
        )
        return trouble

    def _connection(self, mint: CouponMint) -> Connection:
        """Whose shop makes the codes. Raises NotLetIn."""
        if mint.connection_id is not None:
            connection = connections.get(mint.shop_id, mint.connection_id)
            if connection.closed_at is not None:
                raise NotLetIn(say("the connection {name} is closed", name=connection.name))
            return connection
        known = self.opener.connections.connectors
        for one in connections.list_open(mint.shop_id):
            maker = known.get(one.platform)
            if maker is None or maker.mint is None:
                continue
            if mint.is_percent or maker.sums is not Sums.NONE:
                return one
        raise NotLetIn(say("no connected shop makes coupons"))


def _fill(mint: CouponMint, pool: CouponPool, opened: Opened, now: datetime) -> None:
    make = opened.connector.mint
    if make is None:
        raise NotLetIn(say("{name} makes no coupons", name=opened.connector.label))
    if not mint.drawn and minting.has_run_dry(mint):
        minting.want_more(mint)
    _look(mint, pool, opened, now)
    while mint.drawn or (lacking := mint.ahead - minting.free_codes(mint, now)) > 0:
        if not mint.drawn:
            minting.draw(mint, min(lacking, _BATCH), now)
        made = set(make(opened.settings, _wanted(mint, pool)))
        new = [NewCode(code, mint.drawn_until) for code in mint.drawn if code in made]
        if new:
            add_codes(shop_id=mint.shop_id, pool=pool, codes=new, now=now)
            if opened.connector.look_at_codes is not None:
                minting.note_made(mint, made, now)
        minting.forget_drawn(mint)
        if not new:
            raise ShopAway(say("{name} made none of the codes", name=opened.connector.label))


def _look(mint: CouponMint, pool: CouponPool, opened: Opened, now: datetime) -> None:
    """Ask the shop about the next code, and about those it spoke of long ago; more, where one is gone."""
    ask = opened.connector.look_at_codes
    if ask is None:
        return
    dropped = 0
    for _ in range(_MOST_LOOKS):
        codes = minting.codes_to_look_at(mint, now, _LOOKED_AT)
        if not codes:
            break
        told = ask(opened.settings, codes, _PATIENCE)
        gone = minting.note_looks(mint, told, now)
        dropped += gone
        if not gone and not minting.are_unsure(mint, now):
            break
    if dropped:
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
