"""One round over everything that is due: what a worker does again and again, and a simulation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Protocol

from ripresa.contracts.channel import ChannelsOfShops
from ripresa.core.config import load
from ripresa.domain.messages.links import Letterhead
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.campaigns.advance import advance_campaigns
from ripresa.usecases.due_shops import Due, due_shops
from ripresa.usecases.expire_leases import expire_leases
from ripresa.usecases.mail_owner import mail_owner
from ripresa.usecases.mailroom.read_received import read_received
from ripresa.usecases.send_messages import LEASE, Post, send_due
from ripresa.usecases.take_up_recoveries import take_up_recoveries


class Work(Protocol):
    """A use case that does a share of what is due in one shop, and returns how much that was."""

    def __call__(self, *, shop_id: int, now: datetime) -> int:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class DueWork:
    """One kind of due row: which shops have any, and the use case that takes them."""

    name: str
    find_shops: Callable[[datetime], list[int]]
    work: Work


def due_work(post: Post) -> tuple[DueWork, ...]:
    """Every kind of due row, in the order of a round."""
    tell_owners = partial(mail_owner, channels=post.channels, letterhead=post.letterhead)
    read_mails = partial(read_received, channels=post.channels, letterhead=post.letterhead)
    works: tuple[tuple[Due, Work], ...] = (
        (Due.LEASES, expire_leases),
        # Before anything is sent: an answer or a bounce may stop it.
        (Due.RECEIVED_MAILS, read_mails),
        (Due.CARTS, advance_carts),
        (Due.RECOVERIES, take_up_recoveries),
        (Due.CAMPAIGNS, advance_campaigns),
        (Due.MESSAGES, partial(send_due, post=post)),
        (Due.OWNERS, tell_owners),
    )
    return tuple(DueWork(due.value, partial(due_shops, due), work) for due, work in works)


def run_due(
    *,
    now: datetime,
    channels: ChannelsOfShops,
    letterhead: Letterhead | None = None,
    lease: timedelta = LEASE,
) -> int:
    """Do what is due in every shop, a share of each; returns how much that was: 0 means sleep.

    `lease` in the time that `now` belongs to: on a clock that runs faster than
    the wall, so many times as long.
    """
    post = Post(channels, letterhead or own_letterhead(), lease)
    return sum(
        kind.work(shop_id=shop_id, now=now)
        for kind in due_work(post)
        for shop_id in kind.find_shops(now)
    )


@lru_cache(maxsize=1)
def own_letterhead() -> Letterhead:
    """Links under this install's public address, signed with its secret."""
    config = load()
    return Letterhead(config.public_url, config.secret_key, config.short_url)
