"""What a campaign file says: values only. Round-trips through JSON."""

from datetime import datetime
from typing import Literal

import msgspec

from ripresa.domain.scenarios.plan import Plan, Step
from ripresa.domain.segments.conditions import Abandoned, All, Condition, State, cart_of_interest

About = Literal["abandoned_cart", "thank_you", "none"]
Mode = Literal["once", "continuous"]

ABOUTS: tuple[About, ...] = ("abandoned_cart", "thank_you", "none")
STEP = "campaign"  # the one step of a campaign
# Which of her carts a campaign may speak of.
_STATES: dict[About, State] = {"abandoned_cart": "not_recovered", "thank_you": "recovered"}


class Schedule(msgspec.Struct, frozen=True):
    """When it goes. once: to whoever is in the audience at `start`, or when it is started.

    continuous: to whoever is in it between `start` and `until`, each once; None: without a bound.
    """

    mode: Mode = "once"
    start: datetime | None = None
    until: datetime | None = None


class Budget(msgspec.Struct, frozen=True):
    """What it may use up. `costs`: minor units of the shop's currency for one message, by channel."""

    max_messages: int | None = None
    max_cost_minor: int | None = None
    costs: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit at all."""
        return self.max_messages is not None or self.max_cost_minor is not None


class CampaignPlan(msgspec.Struct, frozen=True):
    """A campaign file of version 1. Either `segment` or `condition` says to whom it goes.

    `message` is a plan of one branch, called as what the campaign is about, with one step.
    """

    name: str
    about: About
    message: Plan
    segment: str | None = None
    condition: Condition | None = None
    schedule: Schedule = Schedule()
    budget: Budget = Budget()

    @property
    def step(self) -> Step:
        """Its one step."""
        [branch] = self.message.branches
        [step] = branch.steps
        return step


def cart_wanted(about: About, condition: Condition) -> Abandoned | None:
    """Which of her carts the message speaks of: the newest that this describes; None: of none."""
    if about == "none":
        return None
    return msgspec.structs.replace(cart_of_interest(condition), state=_STATES[about], count=())


def narrowed(about: About, condition: Condition) -> Condition:
    """The audience: those of `condition` who have such a cart, where the message speaks of one."""
    wanted = cart_wanted(about, condition)
    return condition if wanted is None else All((condition, wanted))
