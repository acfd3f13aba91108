"""Who a mail comes from: the contact's own agent where the step says so, else the scenario."""

import re
from email.utils import getaddresses
from functools import lru_cache
from typing import NamedTuple

from ripresa.contracts.channel import Mailbox
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.shops.models import Shop

_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")


class Sending(NamedTuple):
    """From and Reply-To of a mail, and who signs it."""

    sender: Mailbox
    reply_to: Mailbox | None
    signed_by: Mailbox


def is_address(text: str) -> bool:
    """Whether `text` looks like one e-mail address and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def sending_of(plan: Plan, step_number: int, agent: str | None, shop: Shop) -> Sending:
    """From whom step `step_number` (from 1) of `plan` goes to somebody whose agent is `agent`.

    `agent` is an address, or a name with an address in angle brackets. Nobody's agent, or one that
    is no address: the scenario's sender, then the shop's owner (SCN-19).
    """
    if (
        plan.branches[0].steps[step_number - 1].by_agent
        and (own := _mailbox(agent or "")) is not None
    ):
        return Sending(own, None, own)
    if plan.sender is None:
        owner = Mailbox(shop.name, shop.owner_email)
        return Sending(owner, None, owner)
    sender = Mailbox(plan.sender.name, plan.sender.email)
    reply_to = Mailbox("", plan.sender.reply_to) if plan.sender.reply_to else None
    return Sending(sender, reply_to, sender)


@lru_cache(maxsize=4096)
def _mailbox(text: str) -> Mailbox | None:
    found = getaddresses([text])
    if len(found) != 1 or not is_address(found[0][1]):
        return None
    return Mailbox(*found[0])
