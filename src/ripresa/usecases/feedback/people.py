"""What a person asked for by way of a provider: to be left alone, or to be answered."""

from datetime import datetime
from uuid import UUID

from ripresa.contracts.feedback import Feedback
from ripresa.contracts.reasons import Reason
from ripresa.core import query
from ripresa.domain.contacts import locking
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.queries import contacts_at, main_key
from ripresa.domain.deals import operations as deals
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.feedback import Item
from ripresa.domain.messages.models import Message
from ripresa.domain.providers import errands
from ripresa.domain.scenarios import operations as scenarios
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.usecases.consent.change_consent import Said, say
from ripresa.usecases.consent.unsubscribe import key_of_reader
from ripresa.usecases.feedback.finding import Source

WHO = "reply"


def hear_opt_out(
    *, shop_id: int, source: Source, item: Item, message: Message | None, now: datetime
) -> None:
    """Refuse the channel for whoever asked for it, with proof, and cancel what is planned there."""
    told = item.feedback
    proof = Proof(
        f"provider {source.name}",
        told.text or told.detail or f"told by the provider of {item.recipient}",
        f"feedback:{told.event_id}",
    )
    said = Said({item.channel: "denied"}, proof, told.occurred_at)
    if item.channel == "sms" and item.recipient:
        # Whoever it is: the provider keeps the number out too.
        errands.note_suppressed(shop_id=shop_id, phone=item.recipient, is_on=True, now=now)
    for key, contact_id in _askers(shop_id, item, message):
        say(shop_id=shop_id, contact_id=contact_id, key=key, said=said, now=now)


def _askers(shop_id: int, item: Item, message: Message | None) -> list[tuple[str, UUID]]:
    """The key and the person of whoever asked; a number may be that of several."""
    if message is not None:
        return [(key_of_reader(message), message.contact_id)]
    people = contacts_at(shop_id, item.channel, item.recipient or "")
    found = Contact.objects.filter(shop_id=shop_id, id__in=people).order_by("id")
    return [(main_key(one) or f"phone:{one.phone}", one.id) for one in found]


def hear_reply(*, shop_id: int, message: Message, said: Feedback, now: datetime) -> None:
    """She wrote back: her deal says so, and what listens to replies ends (AGT-3)."""
    if message.cart_id is None:
        return
    locking.lock(shop_id=shop_id, contact_ids=[message.contact_id])
    at = min(said.occurred_at, now)
    deal = Deal.objects.filter(shop_id=shop_id, cart_id=message.cart_id)
    latest = deal.order_by("-opened_at", "-id").values_list("id", flat=True).first()
    if latest is not None:
        deals.log_reply(shop_id=shop_id, deal_id=latest, at=at, text=said.text, who=WHO, now=now)
    rows = query.run(
        "ripresa.domain.scenarios",
        "open_runs_of_carts",
        shop_id=shop_id,
        cart_ids=[message.cart_id],
    )
    under_way = Recovery.objects.filter(shop_id=shop_id, id__in={run_id for run_id, *_ in rows})
    listening = {
        one.id
        for one in under_way
        if "reply" in plan_of(shop_id, one.version_id).stop_on and at >= one.left_at
    }
    scenarios.cancel_runs(
        shop_id=shop_id,
        runs=[
            (run_id, message_id, Reason.REPLIED)
            for run_id, _, message_id in rows
            if run_id in listening
        ],
        now=now,
    )
