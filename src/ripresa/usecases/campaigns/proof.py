"""A proof: what a campaign says to real people of its audience, before anybody gets it.

The messages are composed by the code that sends, in a transaction that is taken back: their links lead
nowhere, no code is used up, and the shop's platform is not asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ripresa.contracts.catalogue import NoCatalogue
from ripresa.contracts.channel import OutgoingEmail, OutgoingLetter
from ripresa.contracts.letters.windows import window_of
from ripresa.contracts.reasons import Reason
from ripresa.contracts.sms.text import SmsCount, count
from ripresa.core.ids import new_id
from ripresa.domain.campaigns.audience import FIRST
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.scenarios.sending.addresses import Destination, destination
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import CouponFields
from ripresa.usecases.campaigns.preview import Question, enter, is_of
from ripresa.usecases.compose_messages import Composed, Composition, compose
from ripresa.usecases.sending.turns import Claimed, Turn

PEOPLE = 3
# Looked through for people whom something can reach.
_LOOKED_AT = 100
_CODE, _VALID_FOR = "SAMPLE-2468", timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Proof:
    """One message to one person. `reason`, or `problem` in words: why there is none.

    `html` of a mail; `pdf` of a letter; `count` of a short message.
    """

    contact: Contact
    channel: str
    to: str
    subject: str = ""
    text: str = ""
    html: str = ""
    pdf: bytes = b""
    count: SmsCount | None = None
    reason: Reason | None = None
    problem: str = ""


def proofs(
    question: Question, *, letterhead: Letterhead, now: datetime, contact_id: UUID | None = None
) -> list[Proof]:
    """What the first people whom it can reach would get; with `contact_id`, that person alone."""
    audience = question.audience
    if contact_id is None:
        members = audience.page(now=now, after=FIRST, limit=_LOOKED_AT)
    else:
        members = audience.among([contact_id], now=now)
    if not members:
        return []
    with transaction.atomic():
        composition = _composed(question, [one.contact_id for one in members], letterhead, now)
        transaction.set_rollback(True)
    return _told(question.shop.id, composition)


def _composed(
    question: Question, ids: Sequence[UUID], letterhead: Letterhead, now: datetime
) -> Composition:
    rehearsal_id = new_id(now)
    turns = [one for one in enter(question, rehearsal_id, ids, now) if is_of(one, rehearsal_id)]
    claimed = _claimed(question.shop, turns, now)
    chosen = list(dict.fromkeys(one.message.contact_id for one in claimed))[:PEOPLE]
    return compose(
        shop=question.shop,
        claimed=[one for one in claimed if one.message.contact_id in chosen],
        letterhead=letterhead,
        catalogue=NoCatalogue(),
        window=window_of(question.shop.country),
        now=now,
    )


def _claimed(shop: Shop, turns: Sequence[Turn], now: datetime) -> list[Claimed]:
    """As if they had been claimed: whoever has an address, whatever else stands against it."""
    found = []
    for turn in turns:
        to = destination(turn.message, agent=None, shop_country=shop.country)
        if not isinstance(to, Destination):
            continue
        plan = turn.course.plan
        coupon = CouponFields(_CODE, now + _VALID_FOR) if turn.step.coupon else None
        found.append(
            Claimed(
                turn.message,
                1,
                plan,
                turn.course.steps,
                turn.sending,
                None,
                to,
                plan.language_for(turn.message.locale),
                coupon=coupon,
            )
        )
    return found


def _told(shop_id: int, composition: Composition) -> list[Proof]:
    ids = {one.claimed.message.contact_id for one in composition.composed}
    ids |= {claimed.message.contact_id for claimed, _reason in composition.skipped}
    ids |= {claimed.message.contact_id for claimed, _refused in composition.troubles}
    contacts = {one.id: one for one in Contact.objects.filter(shop_id=shop_id, id__in=ids)}
    told = [_proof(one, contacts[one.claimed.message.contact_id]) for one in composition.composed]
    for claimed, reason in composition.skipped:
        told.append(_without(claimed, contacts, reason=reason))
    for claimed, refused in composition.troubles:
        told.append(_without(claimed, contacts, problem=refused.detail))
    return sorted(told, key=lambda one: (one.contact.id, one.channel))


def _without(
    claimed: Claimed,
    contacts: Mapping[UUID, Contact],
    *,
    reason: Reason | None = None,
    problem: str = "",
) -> Proof:
    message = claimed.message
    contact = contacts[message.contact_id]
    return Proof(contact, message.channel, claimed.to.text, reason=reason, problem=problem)


def _proof(one: Composed, contact: Contact) -> Proof:
    words, channel, to = one.words, one.claimed.message.channel, one.claimed.to.text
    outgoing = one.outgoing
    return Proof(
        contact,
        channel,
        to,
        subject=words.subject,
        text=words.text,
        html=outgoing.html if isinstance(outgoing, OutgoingEmail) else "",
        pdf=outgoing.pdf if isinstance(outgoing, OutgoingLetter) else b"",
        count=count(words.text) if channel == "sms" else None,
    )
