"""Where a message goes: to her, in its channel, or to whoever speaks for the shop."""

from typing import NamedTuple

import msgspec

from ripresa.contracts.channel import Mailbox, PostalAddress
from ripresa.contracts.events import AddressBlock
from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.sending.due_messages import DueMessage

_MISSING = {"email": Reason.NO_EMAIL, "sms": Reason.NO_PHONE, "letter": Reason.NO_ADDRESS}


class Destination(NamedTuple):
    """`text` as the trail shows it; `postal` for a letter."""

    text: str
    mailbox: Mailbox | None = None
    postal: PostalAddress | None = None


def destination(
    message: DueMessage, *, agent: Mailbox | None, shop_country: str
) -> Destination | Reason:
    """Where `message` goes, or why it can't. `agent`: who hears a notice; None: nobody could."""
    if message.channel == AGENT:
        return Reason.NO_EMAIL if agent is None else Destination(agent.address, agent)
    if not message.address:
        return _MISSING[message.channel]
    if message.channel != "letter":
        return Destination(message.address)
    postal = postal_address(message.address, shop_country)
    return Reason.NO_ADDRESS if postal is None else Destination(postal.text, postal=postal)


def postal_address(text: str, shop_country: str) -> PostalAddress | None:
    """The address of a profile (JSON), if a postman can do with it. Without a country it is in the shop's."""
    found = msgspec.json.decode(text, type=AddressBlock)
    if not found.lines or not found.city:
        return None
    return PostalAddress(
        name=found.name or "",
        lines=found.lines,
        postal_code=found.postal_code or "",
        city=found.city,
        region=found.region or "",
        country=found.country or shop_country,
    )
