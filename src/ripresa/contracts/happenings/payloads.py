"""What is told with each type of happening. From these come the JSON Schemas and the reference.

A field is added without notice, and none is ever taken away or changed: readers pass over what they do not
know. Money is a whole number of minor units with its currency; instants are UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from ripresa.contracts.happenings.types import HappeningType


class Amount(Struct, frozen=True):
    """Money: minor units, as in cents, and an ISO 4217 code."""

    minor: int
    currency: str


class Person(Struct, frozen=True):
    """A contact, as far as she is known when this is told. Somebody erased is an id alone."""

    id: UUID
    email: str | None = None
    phone: str | None = None
    customer_id: str | None = None
    language: str | None = None


class CartName(Struct, frozen=True):
    """Which cart: our id, and the shop's own token. No link: one that restores a cart is a secret."""

    id: UUID
    source: str = ""
    token: str = ""
    checkout_id: str | None = None


class OrderName(Struct, frozen=True):
    """Which order: our id, and the shop's own id and number."""

    id: UUID
    source: str = ""
    external_id: str = ""
    number: str = ""


class Named(Struct, frozen=True):
    """Something with a name of the shop's own: a scenario, a campaign, a connection."""

    id: UUID
    name: str = ""


class MessageName(Struct, frozen=True):
    """Which message. `origin` is recovery, campaign or manual; `channel` email, sms, letter or agent."""

    id: UUID
    channel: str = ""
    step: str = ""
    origin: str = ""
    scenario: Named | None = None
    campaign: Named | None = None


class RecoveryName(Struct, frozen=True):
    """Which recovery: one run of one scenario for one abandonment."""

    id: UUID
    scenario: Named | None = None
    branch: str | None = None


class DealName(Struct, frozen=True):
    """Which deal, and whose: `agent` is the agent's address."""

    id: UUID
    value: Amount | None = None
    agent: str | None = None


class CartData(Struct, frozen=True):
    """A cart changed its state. `cause` says what brought a recovered one back."""

    cart: CartName
    contact: Person | None
    state: str
    kind: str
    total: Amount
    item_count: int
    left_at: datetime
    abandoned_at: datetime | None = None
    order: OrderName | None = None
    cause: str | None = None


class OrderData(Struct, frozen=True):
    """An order was placed, cancelled or refunded. `total` null: only its cancellation was told so far."""

    order: OrderName
    contact: Person | None
    total: Amount | None
    refunded: Amount | None
    placed_at: datetime | None
    cancelled_at: datetime | None
    origin: str
    is_test: bool


class RecoveryData(Struct, frozen=True):
    """A recovery was opened, taken up or ended. `state` of an ended one: done, cancelled or skipped."""

    recovery: RecoveryName
    cart: CartName
    contact: Person | None
    state: str
    reason: str | None = None


class MessageData(Struct, frozen=True):
    """A decision on a message, with its reason (docs/reference/reasons.md) where there is one."""

    message: MessageName
    cart: CartName | None
    contact: Person | None
    reason: str | None = None
    planned_for: datetime | None = None


class FeedbackData(Struct, frozen=True):
    """What was heard of a message after it left. `by`, of opens and clicks: person or machine."""

    message: MessageName
    cart: CartName | None
    contact: Person | None
    occurred_at: datetime
    reason: str | None = None
    is_permanent: bool = False
    by: str | None = None


class CouponData(Struct, frozen=True):
    """A code was reserved for the messages of one step."""

    contact: Person
    code: str
    pool: str
    origin: str
    step: str
    expires_at: datetime | None = None


class DealData(Struct, frozen=True):
    """A deal was opened, moved, won or lost; `by` is an address, or what acted by itself."""

    deal: DealName
    cart: CartName
    contact: Person | None
    by: str
    from_stage: str | None = None
    to_stage: str | None = None
    note: str = ""


class ConsentData(Struct, frozen=True):
    """What rules in a channel by all she said: granted, denied, pending or unknown; and what ruled before."""

    contact: Person
    channel: str
    state: str
    before: str


class ErasedData(Struct, frozen=True):
    """Somebody was erased: whoever heard of her forgets her as well."""

    contact: Person


class ScenarioData(Struct, frozen=True):
    """A scenario paused itself. `kind` is one of a few causes, `reason` says it in words."""

    scenario: Named
    kind: str
    reason: str


class CampaignData(Struct, frozen=True):
    """A campaign paused itself, or ended."""

    campaign: Named
    kind: str | None = None
    reason: str | None = None


class ConnectionData(Struct, frozen=True):
    """A connection to a shop's platform was closed, or the shop can't be asked for a while."""

    connection: Named
    platform: str
    reason: str


class WarningData(Struct, frozen=True):
    """What the shop's owner is told by mail as well. `about`: what by name; `cause`: in words."""

    kind: str
    about: str
    cause: str


class TrialData(Struct, frozen=True):
    """Nothing happened: somebody tries whether calls arrive."""

    note: str


_FAMILIES: Mapping[str, type[Struct]] = {
    "cart": CartData,
    "order": OrderData,
    "recovery": RecoveryData,
    "message": MessageData,
    "coupon": CouponData,
    "deal": DealData,
    "consent": ConsentData,
    "contact": ErasedData,
    "scenario": ScenarioData,
    "campaign": CampaignData,
    "connection": ConnectionData,
    "shop": WarningData,
    "webhook": TrialData,
}
HEARD_LATER = frozenset(
    {
        HappeningType.MESSAGE_DELIVERED,
        HappeningType.MESSAGE_DELAYED,
        HappeningType.MESSAGE_BOUNCED,
        HappeningType.MESSAGE_COMPLAINED,
        HappeningType.MESSAGE_OPENED,
        HappeningType.MESSAGE_CLICKED,
        HappeningType.MESSAGE_REPLIED,
        HappeningType.MESSAGE_UNSUBSCRIBED,
    }
)
DATA: Mapping[HappeningType, type[Struct]] = {
    one: FeedbackData if one in HEARD_LATER else _FAMILIES[one.partition(".")[0]]
    for one in HappeningType
}


class Envelope(Struct, frozen=True):
    """The body of a call. `timestamp`: when it happened. `id` is that of the header `webhook-id`."""

    id: UUID
    type: str
    timestamp: datetime
    shop: str
    data: Struct
