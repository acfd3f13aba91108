"""What a worker does, once and at an instant of the test's choosing."""

from datetime import datetime, timedelta

from ripresa.contracts.channel import ChannelsOfShops
from ripresa.domain.messages.links import Letterhead, own_letterhead
from ripresa.usecases.due_work import due_work
from ripresa.usecases.send_messages import LEASE, Post


def run_due(
    *,
    now: datetime,
    channels: ChannelsOfShops,
    letterhead: Letterhead | None = None,
    lease: timedelta = LEASE,
) -> int:
    """Do what is due in every shop, a share of each; returns how much that was."""
    post = Post(channels, letterhead or own_letterhead(), lease)
    return sum(
        kind.work(shop_id=shop_id, now=now)
        for kind in due_work(post)
        for shop_id in kind.find_shops(now)
    )
