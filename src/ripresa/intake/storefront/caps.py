"""How much one visitor, one network and one address may bring in an hour.

Far above what shopping takes, far below what would trouble a victim.
"""

import ipaddress

from ripresa.contracts.events import StoreEvent
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code
from ripresa.intake.rates import HourlyCounts

ADDRESSES_PER_IP_AND_HOUR = 30
ADDRESSES_PER_VISITOR_AND_HOUR = 5
EVENTS_PER_ADDRESS_AND_HOUR = 60
EVENTS_PER_IP_AND_HOUR = 3000


class StorefrontCaps:
    """How many addresses and events one visitor, one network address, one address may bring."""

    def __init__(self) -> None:
        self._events_of_ip = HourlyCounts(EVENTS_PER_IP_AND_HOUR)
        self._addresses_of_ip = HourlyCounts(ADDRESSES_PER_IP_AND_HOUR)
        self._addresses_of_visitor = HourlyCounts(ADDRESSES_PER_VISITOR_AND_HOUR)
        self._events_of_address = HourlyCounts(EVENTS_PER_ADDRESS_AND_HOUR)

    def check(self, event: StoreEvent, shop_id: int, ip: str, at: float) -> None:
        """Count `event` at the monotonic second `at`. Raises Invalid if it is one too many."""
        network = (shop_id, network_of(ip))
        if not self._events_of_ip.admit(network, event.id, at):
            raise Invalid("", Code.TOO_MANY, "is one too many from this network: try again later")
        contact = event.contact
        if contact is None or (address := contact.email or contact.phone) is None:
            return
        field = "contact.email" if contact.email else "contact.phone"
        visitor = (shop_id, event.visitor_id or network)
        if not (
            self._events_of_address.admit((shop_id, address), event.id, at)
            and self._addresses_of_visitor.admit(visitor, address, at)
            and self._addresses_of_ip.admit(network, address, at)
        ):
            raise Invalid(field, Code.TOO_MANY)


def network_of(ip: str) -> str:
    """What one customer of a provider has: an IPv4 address, or the first 64 bits of an IPv6 one."""
    if ":" not in ip:
        return ip
    try:
        return str(ipaddress.ip_network((ip.partition("%")[0], 64), strict=False))
    except ValueError:
        return ip
