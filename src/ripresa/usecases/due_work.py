"""What can be due, and the use case that does it: what a worker goes through, and a simulation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.campaigns.advance import advance_campaigns
from ripresa.usecases.due_shops import Due, due_shops
from ripresa.usecases.expire_leases import expire_leases
from ripresa.usecases.mail_owner import mail_owner
from ripresa.usecases.mailroom.read_received import read_received
from ripresa.usecases.send_messages import Post, send_due
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
