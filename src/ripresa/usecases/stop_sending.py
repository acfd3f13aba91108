"""Stop everything that leaves a shop, at once, and let it start again.

The switch is one column that hand-over reads in its own transaction: planned messages stay
planned, held with the reason `stopped`.
"""

from datetime import datetime

from ripresa.domain.shops.models import Shop


def stop_shop(*, shop_id: int, now: datetime) -> bool:
    """Stop all sending of a shop; False: it was stopped already."""
    return Shop.objects.filter(id=shop_id, stopped_at__isnull=True).update(stopped_at=now) == 1


def start_shop(*, shop_id: int) -> bool:
    """Let a stopped shop send again; False: it was not stopped."""
    return Shop.objects.filter(id=shop_id, stopped_at__isnull=False).update(stopped_at=None) == 1
