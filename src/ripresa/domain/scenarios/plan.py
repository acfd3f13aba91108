"""A scenario, understood: what a version of a scenario file says. Round-trips through JSON."""

from typing import Literal

import msgspec

from ripresa.domain.scenarios.durations import Duration

Trigger = Literal["cart", "checkout", "any"]
LegalBasis = Literal["consent", "any"]
Base = Literal["left", "abandoned", "previous"]
OnReabandon = Literal["restart", "ignore"]
OnSecondCart = Literal["newest", "each"]

_HOUR = 3_600
DEFAULT_IDLE = Duration(seconds=24 * _HOUR)
DEFAULT_STALE_AFTER = Duration(seconds=72 * _HOUR)
DEFAULT_PRIORITY = 50


class Window(msgspec.Struct, frozen=True):
    """When sending is allowed, from ≤ local time < until, in minutes since midnight.

    `until` before `start` runs over midnight. `zone` None: the recipient's own.
    """

    start: int
    until: int
    zone: str | None = None


class SenderName(msgspec.Struct, frozen=True):
    """Who a mail comes from; `reply_to` empty: replies go to `email`."""

    name: str
    email: str
    reply_to: str = ""


class Step(msgspec.Struct, frozen=True):
    """One message per channel, `after` its `base`.

    `by_agent`: it comes from the contact's own agent where one is known.
    """

    id: str
    after: Duration
    base: Base
    channels: tuple[str, ...]
    template: str
    by_agent: bool = False


class Branch(msgspec.Struct, frozen=True):
    """The steps for those who take this branch."""

    name: str
    steps: tuple[Step, ...]


class Plan(msgspec.Struct, frozen=True):
    """A scenario file of version 1. None for a limit: no limit of its own."""

    name: str
    language: str
    branch: Branch
    trigger: Trigger = "cart"
    idle: Duration = DEFAULT_IDLE
    legal_basis: LegalBasis = "consent"
    priority: int = DEFAULT_PRIORITY
    stale_after: Duration = DEFAULT_STALE_AFTER
    not_more_often_than: Duration | None = None
    not_after_order: Duration | None = None
    max_messages_per_30d: int | None = None
    quiet_hours: dict[str, Window] = msgspec.field(default_factory=dict)
    sender: SenderName | None = None
    on_reabandon: OnReabandon = "restart"
    on_second_cart: OnSecondCart = "newest"

    def wants(self, kind: str) -> bool:
        """Whether a cart abandoned as `kind` (cart, checkout) starts it."""
        return self.trigger in {"any", kind}


def dump_plan(plan: Plan) -> str:
    """The plan as JSON text, as `scenario_version.plan` keeps it."""
    return msgspec.json.encode(plan).decode()


def load_plan(text: str | bytes) -> Plan:
    """Read what `dump_plan` wrote."""
    return msgspec.json.decode(text, type=Plan)
