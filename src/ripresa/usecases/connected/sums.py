"""Over which sums of money the connected shops of a shop make coupons."""

from django.conf import settings
from django.utils.module_loading import import_string

from ripresa.contracts.shops.connector import Sums
from ripresa.domain.connections import queries
from ripresa.domain.scenarios.file.surroundings import Makers, MintSums
from ripresa.domain.shops.models import Shop


def mint_sums_of(shop: Shop) -> MintSums:
    """What is known of a shop, looked up when a file asks for it."""
    return MintSums(lambda: _makers(shop))


def _makers(shop: Shop) -> Makers:
    """By platform, as its connector declares it; what is in the shop's own currency, the connection says."""
    connectors = import_string(settings.CONNECTORS)
    makers: dict[str, frozenset[str] | None] = {}
    for one in queries.list_open(shop.id):
        connector = connectors.get(one.platform)
        if connector is None or connector.mint is None or connector.sums is Sums.NONE:
            continue
        own = frozenset({one.settings.get("currency") or shop.currency})
        known = makers.get(connector.label, frozenset())
        is_any = connector.sums is Sums.ANY or known is None
        makers[connector.label] = None if is_any else own | (known or frozenset())
    return makers
