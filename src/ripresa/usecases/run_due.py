"""One round over everything that is due: what a worker does again and again, and a simulation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from ripresa.contracts.channel import EmailChannel
from ripresa.core.config import load
from ripresa.domain.messages.links import Letterhead
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.due_shops import Due, due_shops
from ripresa.usecases.expire_leases import expire_leases
from ripresa.usecases.send_messages import LEASE, Post, send_due
from ripresa.usecases.take_up_recoveries import take_up_recoveries


def run_due(
    *,
    now: datetime,
    channels: Mapping[str, EmailChannel],
    letterhead: Letterhead | None = None,
    lease: timedelta = LEASE,
) -> int:
    """Do what is due in every shop, a share of each; returns how much that was: 0 means sleep.

    `channels` by kind; `lease` in the time that `now` belongs to: on a clock that runs faster than
    the wall, so many times as long.
    """
    post = Post(channels["email"], letterhead or own_letterhead(), lease)
    done = 0
    for shop_id in due_shops(Due.LEASES, now):
        done += expire_leases(shop_id=shop_id, now=now)
    for shop_id in due_shops(Due.CARTS, now):
        done += advance_carts(shop_id=shop_id, now=now)
    for shop_id in due_shops(Due.RECOVERIES, now):
        done += take_up_recoveries(shop_id=shop_id, now=now)
    for shop_id in due_shops(Due.MESSAGES, now):
        done += send_due(shop_id=shop_id, post=post, now=now)
    return done


@lru_cache(maxsize=1)
def own_letterhead() -> Letterhead:
    """Links under this install's public address, signed with its secret."""
    config = load()
    return Letterhead(config.public_url, config.secret_key)
