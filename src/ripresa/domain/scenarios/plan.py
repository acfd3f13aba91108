"""A scenario, understood: what a version of a scenario file says. Round-trips through JSON."""

from decimal import Decimal
from typing import Literal

import msgspec

from ripresa.core.money import Money
from ripresa.domain.coupons.rules import Worth
from ripresa.domain.scenarios.durations import Duration

Trigger = Literal["cart", "checkout", "any"]
Base = Literal["left", "abandoned", "previous"]
OnReabandon = Literal["restart", "ignore"]
OnSecondCart = Literal["newest", "each"]
Customers = Literal["all", "new", "inactive"]
Op = Literal["eq", "ne", "lt", "lte", "gt", "gte", "in"]

_HOUR = 3_600
DEFAULT_IDLE = Duration(seconds=24 * _HOUR)
DEFAULT_STALE_AFTER = Duration(seconds=72 * _HOUR)
DEFAULT_INACTIVE_FOR = Duration(months=3)
DEFAULT_PRIORITY = 50
WHOLE_SHARE = 10_000
AGENT = "agent"
NOTICE_TEMPLATE = "agent_notice"


class Amount(msgspec.Struct, frozen=True):
    """Money in a condition: `minor` units of `currency` (ISO 4217)."""

    minor: int
    currency: str


Operand = Amount | int | str


class Test(msgspec.Struct, frozen=True, tag="test"):
    """One comparison of a fact; `value` is a tuple where the operator is `in`, and only there."""

    fact: str
    op: Op
    value: Amount | int | str | bool | tuple[Operand, ...]


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every one of them holds."""

    of: "tuple[Condition, ...]"


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    """At least one of them holds."""

    of: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True, tag="not"):
    """It does not hold."""

    of: "Condition"


Condition = Test | All | AnyOf | Not


class Window(msgspec.Struct, frozen=True):
    """When sending is allowed, from ≤ local time < until, in minutes since midnight.

    `until` before `start` runs over midnight. `zone` None: the recipient's own.
    """

    start: int
    until: int
    zone: str | None = None


class SenderName(msgspec.Struct, frozen=True):
    """Who a mail comes from; `reply_to` empty: replies go to `email`.

    `stored`: the address or name of a stored sender, who is meant instead.
    """

    name: str
    email: str
    reply_to: str = ""
    stored: str = ""


class Audience(msgspec.Struct, frozen=True):
    """Whom it is for: `new` never bought, `inactive` not for `inactive_for`; and the segment's."""

    customers: Customers = "all"
    inactive_for: Duration | None = None
    segment: str | None = None


class Offer(msgspec.Struct, frozen=True):
    """The coupon of a step: a code of `pool`, or one minted over `percent` (a decimal string) or `amount`.

    `valid_for` counts from sending; None: as long as the code itself.
    """

    pool: str | None = None
    percent: str | None = None
    valid_for: Duration | None = None
    amount: Amount | None = None

    @property
    def worth(self) -> Worth | None:
        """What a code that is minted for it is worth; None: it comes from a pool by name."""
        if self.pool is not None:
            return None
        if self.amount is not None:
            sum_off = Money(self.amount.minor, self.amount.currency)
            return Worth(sum_off.decimal(), sum_off.currency)
        return None if self.percent is None else Worth(Decimal(self.percent))


class Step(msgspec.Struct, frozen=True):
    """One message per channel (email, sms, letter; or agent alone), `after` its `base`.

    `by_agent`: it comes from the contact's own agent where one is known. `only_if` is asked at the
    moment of sending. `stage`: where this step opens a deal.
    """

    id: str
    after: Duration
    base: Base
    channels: tuple[str, ...]
    template: str
    by_agent: bool = False
    only_if: Condition | None = None
    coupon: Offer | None = None
    stage: str | None = None

    @property
    def is_notice(self) -> bool:
        """Whether it tells the agent, not the customer."""
        return self.channels == (AGENT,)


class Branch(msgspec.Struct, frozen=True):
    """The steps for those who take this branch; `when` None: everyone who comes so far.

    Where the plan has a test, a branch stands there once for each arm, side by side: `everyone/coupon`
    is what the arm `coupon` makes of `everyone`.
    """

    name: str
    steps: tuple[Step, ...]
    when: Condition | None = None
    arm: str = ""

    @property
    def base(self) -> str:
        """Its name in the file, whatever its arm."""
        return self.name.removesuffix(f"/{self.arm}") if self.arm else self.name


class Arm(msgspec.Struct, frozen=True):
    """One way of a test; `share` of WHOLE_SHARE."""

    name: str
    share: int


class SplitTest(msgspec.Struct, frozen=True):
    """Ways that are tried against each other; the first is what the others are measured by.

    A person is drawn once for each `name`. The shares add up to WHOLE_SHARE.
    """

    name: str
    arms: tuple[Arm, ...]


class Plan(msgspec.Struct, frozen=True):
    """A scenario file of version 1. None for a limit: no limit of its own.

    `language` is the one to fall back on, one of `languages`. `holdout` is a share of WHOLE_SHARE.
    """

    name: str
    language: str
    languages: tuple[str, ...]
    branches: tuple[Branch, ...]
    trigger: Trigger = "cart"
    idle: Duration = DEFAULT_IDLE
    audience: Audience = Audience()
    legal_basis: str = "by_country"
    priority: int = DEFAULT_PRIORITY
    stop_on: tuple[str, ...] = ()
    stale_after: Duration = DEFAULT_STALE_AFTER
    not_more_often_than: Duration | None = None
    not_after_order: Duration | None = None
    max_messages_per_30d: int | None = None
    quiet_hours: dict[str, Window] = msgspec.field(default_factory=dict)
    holdout: int = 0
    sender: SenderName | None = None
    on_reabandon: OnReabandon = "restart"
    on_second_cart: OnSecondCart = "newest"
    test: SplitTest | None = None

    def wants(self, kind: str) -> bool:
        """Whether a cart abandoned as `kind` (cart, checkout) starts it."""
        return self.trigger in {"any", kind}

    def branch_named(self, name: str) -> Branch:
        """The branch of that name. Raises KeyError where the plan has none."""
        for branch in self.branches:
            if branch.name == name:
                return branch
        raise KeyError(name)

    def branch_in(self, base: str, arm: str) -> Branch | None:
        """What an arm makes of the file's branch `base`; the first arm's where there is no such arm."""
        alike = [branch for branch in self.branches if branch.base == base]
        return next((one for one in alike if one.arm == arm), alike[0] if alike else None)

    def language_for(self, locale: str | None) -> str:
        """The language for somebody whose own is `locale` ("de-AT" is served by "de", too)."""
        known = {language.lower(): language for language in self.languages}
        wanted = (locale or "").replace("_", "-").lower()
        while wanted:  # the lookup of RFC 4647: ever fewer subtags
            if wanted in known:
                return known[wanted]
            wanted = wanted.rpartition("-")[0]
        return self.language


def load_plan(text: str | bytes) -> Plan:
    """Read a plan from JSON text, as `scenario_version.plan` keeps it."""
    return msgspec.json.decode(text, type=Plan)
