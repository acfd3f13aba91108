"""Who a mail comes from: the contact's own agent where the step says so, else the scenario."""

import re
import unicodedata
from email.utils import getaddresses
from functools import lru_cache
from typing import NamedTuple

from ripresa.contracts.channel import Mailbox
from ripresa.domain.scenarios.plan import SenderName, Step
from ripresa.domain.shops.models import Shop

_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")

_UNFIT = re.compile(r"[^A-Za-z0-9 ]+")
_ORIGIN = 11


class Sending(NamedTuple):
    """From and Reply-To of a mail, and who signs it."""

    sender: Mailbox
    reply_to: Mailbox | None
    signed_by: Mailbox


def is_address(text: str) -> bool:
    """Whether `text` looks like one e-mail address and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def sending_of(named: SenderName | None, step: Step, agent: Mailbox | None, shop: Shop) -> Sending:
    """From whom a step goes to somebody whose agent is `agent`.

    Nobody's agent: the sender that the scenario has `named`, then the shop's owner (SCN-19).
    """
    if step.by_agent and agent is not None:
        return Sending(agent, None, agent)
    if named is None:
        owner = Mailbox(shop.name, shop.owner_email)
        return Sending(owner, None, owner)
    sender = Mailbox(named.name, named.email)
    reply_to = Mailbox("", named.reply_to) if named.reply_to else None
    return Sending(sender, reply_to, sender)


@lru_cache(maxsize=4096)
def mailbox_of(text: str, name: str = "") -> Mailbox | None:
    """The mailbox that `text` names: an address, or a name with one in angle brackets; else None.

    `name` is how its owner is called where that is known otherwise.
    """
    found = getaddresses([text])
    if len(found) != 1 or not is_address(found[0][1]):
        return None
    return Mailbox(name or found[0][0], found[0][1])


def sms_origin(shop: Shop) -> str:
    """What a reader of an SMS sees as its origin: the shop's name as far as it fits.

    An alphanumeric origin has room for eleven characters (3GPP TS 23.040, 9.1.2.5).
    """
    plain = unicodedata.normalize("NFKD", shop.name).encode("ascii", "ignore").decode()
    return _UNFIT.sub("", plain).strip()[:_ORIGIN].strip() or "Shop"
