"""Tell who somebody is: what she bought and left, consent with its proof, the fate of every message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.carts import person_queries as persons
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.carts.person_queries import OrderFigures
from ripresa.domain.carts.queries import counts
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import ConsentClaim, ConsentWord, Contact, Suppression
from ripresa.domain.contacts.queries import PhoneMove
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios import figures as scenarios
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.sending.due_messages import CAMPAIGN

CHANNELS = ("email", "sms", "letter")
# The latest fates are told; there may be many more.
FATES = 50


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order in the line of time; `counts` false: it stays out of the figures."""

    at: datetime
    order: Order
    counts: bool


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """An abandonment in the line of time. Green with its order, grey without (CUS-2)."""

    at: datetime
    abandonment: Abandonment
    cart: Cart
    order: Order | None

    @property
    def is_recovered(self) -> bool:
        """Whether the cart became an order that stands."""
        return self.cart.state == "recovered"


@dataclass(frozen=True, slots=True)
class Consent:
    """One channel: the state that rules, the latest of each that was said, and whether it is suppressed.

    `history` is every direct word, the latest first: it is never overwritten.
    """

    channel: str
    state: str
    proofs: list[ConsentClaim]
    suppressed: Suppression | None
    history: Sequence[ConsentWord] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """One message, or one recovery that ended before any message, with the reason.

    `campaign`: by name, if one sent it. `version_id`: that of the scenario, if one did.
    """

    at: datetime
    state: str
    reason: str | None
    cart_id: UUID | None
    message: Message | None = None
    campaign: str | None = None
    version_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is known of a person."""

    contact: Contact
    keys: Sequence[str]
    figures: Sequence[OrderFigures]
    entries: Sequence[Purchase | LeftBehind]
    is_repeated: bool
    consents: Sequence[Consent]
    fates: Sequence[Fate]
    phone_moves: Sequence[PhoneMove]


def tell_contact(*, shop_id: int, contact_id: UUID, now: datetime) -> Profile | None:
    """The profile of one person of this shop; None where it has no such person."""
    found = contacts.find_with_keys(shop_id, contact_id)
    if found is None:
        return None
    contact, keys = found
    orders = persons.orders_of_contact(shop_id, contact_id)
    messages = outbox.messages_of_contact(shop_id, contact_id, FATES)
    origins = [each.origin_id for each in messages]
    abandonments = persons.abandonments_of_contact(shop_id, contact_id)
    return Profile(
        contact=contact,
        keys=keys,
        figures=persons.order_figures(orders),
        entries=_line_of_time(orders, abandonments),
        is_repeated=persons.is_repeated([each.abandoned_at for each, _ in abandonments], now),
        consents=_consents(
            contact,
            contacts.consent_claims(shop_id, keys),
            contacts.suppressions(shop_id, contacts.addresses_of(contact, keys)),
            contacts.consent_history(shop_id, keys),
        ),
        fates=_fates(
            shop_id,
            messages,
            scenarios.runs_told_of(shop_id, contact_id, origins, FATES),
        ),
        phone_moves=contacts.phone_moves(shop_id, keys),
    )


def _line_of_time(
    orders: Sequence[Order], abandonments: Sequence[tuple[Abandonment, Cart]]
) -> list[Purchase | LeftBehind]:
    """Orders and abandonments together, newest first."""
    by_id = {order.id: order for order in orders}
    entries: list[Purchase | LeftBehind] = [
        Purchase(order.placed_at, order, counts(order)) for order in orders if order.placed_at
    ]
    entries += [
        LeftBehind(each.abandoned_at, each, cart, by_id.get(cart.order_id or UUID(int=0)))
        for each, cart in abandonments
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _consents(
    contact: Contact,
    claims: Sequence[ConsentClaim],
    suppressed: Sequence[Suppression],
    words: Sequence[ConsentWord],
) -> list[Consent]:
    """Consent for each channel with its proof."""
    states = {
        "email": contact.consent_email,
        "sms": contact.consent_sms,
        "letter": contact.consent_letter,
    }
    return [
        Consent(
            channel,
            states[channel],
            [claim for claim in claims if claim.channel == channel],
            next((each for each in suppressed if each.channel == channel), None),
            [word for word in words if word.channel == channel],
        )
        for channel in CHANNELS
    ]


def _fates(shop_id: int, messages: Sequence[Message], runs: Sequence[Recovery]) -> list[Fate]:
    """Every message with its fate, and why anything was not sent; newest first (CUS-6)."""
    origins = [each.origin_id for each in messages if each.origin_kind == CAMPAIGN]
    of_campaign = {
        one: name for one, (_, name) in campaigns.names_of_recipients(shop_id, origins).items()
    }
    versions = {run.id: run.version_id for run in runs}
    entries = [
        Fate(
            each.handed_over_at or each.settled_at or each.planned_for,
            each.state,
            each.reason,
            each.cart_id,
            each,
            of_campaign.get(each.origin_id),
            versions.get(each.origin_id),
        )
        for each in messages
    ]
    told = {each.origin_id for each in messages}
    entries += [
        Fate(run.ended_at or run.abandoned_at, "skipped", run.reason, run.cart_id)
        for run in runs
        if run.state == "skipped" and run.id not in told
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
