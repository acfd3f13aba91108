"""The public key that stands in a shop's pages, and whether those pages are heard."""

from datetime import datetime, timedelta
from typing import NamedTuple

from ripresa.core.ids import first_id
from ripresa.domain.carts.folding import PROBE
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.shops.models import AccessKey, Shop
from ripresa.usecases.shops.create_shop import add_key

_LATELY = timedelta(days=1)


class HeardFromPages(NamedTuple):
    """`latest_at`: when a page was heard last, within a day; `ever`: within the time that events are kept."""

    latest_at: datetime | None
    ever: bool


def find_page_key(shop_id: int) -> str | None:
    """The newest public key in use that can be shown; None: it was made when keys were not kept."""
    own = AccessKey.objects.filter(shop_id=shop_id, kind="public", revoked_at__isnull=True)
    return own.exclude(text="").order_by("-id").values_list("text", flat=True).first()


def make_page_key(*, shop: Shop, now: datetime) -> str:
    """The shop's public key; a new one where none can be shown. Those there are stay good."""
    return find_page_key(shop.id) or add_key(shop=shop, kind="public", label="storefront", now=now)


def heard_from_pages(*, shop_id: int, now: datetime) -> HeardFromPages:
    """When the script in the shop's pages was heard last."""
    keys = AccessKey.objects.filter(shop_id=shop_id, kind="public")
    sources = {f"{source}{inbox.STOREFRONT}" for source in keys.values_list("source", flat=True)}
    [(ever, latest_at)] = inbox.run(
        "heard_from",
        shop_id=shop_id,
        sources=sorted(sources),
        since=first_id(now - _LATELY),
        but=f"{PROBE}%",
    )
    return HeardFromPages(latest_at, bool(ever))
