"""A plan as the page tells it: trigger, steps with their waits and figures, and what ends it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ripresa.console.conditions.told import stages_asked, told
from ripresa.console.conditions.words import Words
from ripresa.console.layout import badges
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.writing import in_words, number_in_words, share_in_words
from ripresa.console.scenarios.earning import Earned
from ripresa.console.steps.titles import short_titles_of, wait_in_words
from ripresa.domain.coupons.rules import Worth
from ripresa.domain.scenarios.figures import StepFigures
from ripresa.domain.scenarios.plan import (
    DEFAULT_INACTIVE_FOR,
    WHOLE_SHARE,
    Branch,
    Offer,
    Plan,
    Step,
    Window,
)
from ripresa.usecases.reporting.figures import Row

# What every plan page shows, also where the number is nought.
SHOWN_STATES = ("planned", "sent", "skipped", "cancelled")
RARE_STATES = ("sending", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel of a step, as (state, number) and (reason, number) pairs, most frequent first.

    `earned`: what the reports know of it; None where nothing left in their days.
    """

    channel: str
    states: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    earned: Row | None


@dataclass(frozen=True, slots=True)
class Way:
    """What one arm of the test makes of a step; `share` as per cent, in words."""

    arm: str
    share: str
    step: Step
    wait: str
    offer: str
    lanes: list[Lane]

    @property
    def text(self) -> Promise | str:
        """What its text is called."""
        return _text_of(self.step)


@dataclass(frozen=True, slots=True)
class Stop:
    """One step on the line. `opens`: the branch that begins with it, where there are several.

    `ways`: where the arms of a test differ in it, what each makes of it.
    """

    title: str
    step: Step
    wait: str
    offer: str
    lanes: list[Lane]
    opens: Branch | None
    when: str
    only_if: str
    ways: list[Way]

    @property
    def text(self) -> Promise | str:
        """What its text is called."""
        return _text_of(self.step)


def _text_of(step: Step) -> Promise | str:
    return badges.TEMPLATES.get(step.template, step.template)


Figures = Mapping[tuple[str, str, str], StepFigures]


def stops(shop_id: int, plan: Plan, figures: Figures, earned: Earned) -> list[Stop]:
    """The steps of a plan in order, each with its wait in words and its figures; a test's side by side."""
    stages = stages_asked(shop_id, plan)
    return [
        stop
        for _base, alike in groupby(plan.branches, key=lambda branch: branch.base)
        for stop in _stops(plan, list(alike), figures, earned, stages)
    ]


def _stops(
    plan: Plan, alike: Sequence[Branch], figures: Figures, earned: Earned, stages: Words
) -> Iterator[Stop]:
    """The steps of one branch of the file, of which every arm has its own."""
    is_only = all(branch.base == alike[0].base for branch in plan.branches)
    titles = short_titles_of(plan)
    for number, steps in enumerate(zip(*(branch.steps for branch in alike), strict=True)):
        step = steps[0]
        yield Stop(
            titles[step.id],
            step,
            wait_in_words(step.after, step.base),
            offer_in_words(step.coupon),
            _lanes(figures, "", step, earned),
            alike[0] if number == 0 and not is_only else None,
            told(alike[0].when, stages) if alike[0].when else "",
            told(step.only_if, stages) if step.only_if else "",
            [] if all(one == step for one in steps) else _ways(plan, alike, steps, figures),
        )


def _ways(
    plan: Plan, alike: Sequence[Branch], steps: Sequence[Step], figures: Figures
) -> list[Way]:
    shares = {arm.name: arm.share for arm in plan.test.arms} if plan.test else {}
    return [
        Way(
            branch.arm,
            share_in_words(shares.get(branch.arm, 0) / WHOLE_SHARE, 2),
            step,
            wait_in_words(step.after, step.base),
            offer_in_words(step.coupon),
            _lanes(figures, branch.name, step, {}),
        )
        for branch, step in zip(alike, steps, strict=True)
    ]


def _lanes(figures: Figures, branch: str, step: Step, earned: Earned) -> list[Lane]:
    return [
        _lane(channel, figures.get((branch, step.id, channel)), earned.get((step.id, channel)))
        for channel in step.channels
    ]


def _lane(channel: str, figures: StepFigures | None, earned: Row | None) -> Lane:
    states = figures.states if figures else {}
    reasons = figures.reasons if figures else {}
    shown = [(state, states.get(state, 0)) for state in SHOWN_STATES]
    shown += [(state, states[state]) for state in RARE_STATES if states.get(state)]
    most_first = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return Lane(channel, shown, most_first, earned)


def minted_in_words(worth: str) -> str:
    """A coupon that is made in the shop, worth 10 % or 5.00 EUR."""
    return _("coupon of %s made in the shop") % worth


def worth_in_words(worth: Worth) -> str:
    """What a code takes off: 12.5 %, 5.00 EUR."""
    if worth.currency:
        return f"{number_in_words(worth.value, 2, least=2)} {worth.currency}"
    return share_in_words(worth.value / 100, 2)


def offer_in_words(offer: Offer | None) -> str:
    """The coupon of a step: from the pool spring, for 2 days; empty where there is none."""
    if offer is None:
        return ""
    if offer.worth is not None:
        said = minted_in_words(worth_in_words(offer.worth))
    else:
        said = _("coupon from the pool %s") % offer.pool
    if offer.valid_for is None:
        return said
    return _("%(coupon)s, valid for %(time)s") % {
        "coupon": said,
        "time": in_words(offer.valid_for),
    }


def legal_bases() -> dict[str, str]:
    """The shipped legal bases in words."""
    return {
        "by_country": _("By the law of her country"),
        "consent": _("Consent for the channel"),
        "one_reminder": _("Consent, or one prompt reminder without an offer"),
        "any": _("Any: nothing is asked"),
    }


def guards(plan: Plan) -> list[tuple[str, str]]:
    """What holds a message back or ends the plan, as (name, value) pairs."""
    bases = legal_bases()
    rows = [(_("Legal basis"), bases.get(plan.legal_basis, plan.legal_basis))]
    if plan.not_more_often_than:
        rows.append((_("Not more often than"), in_words(plan.not_more_often_than)))
    if plan.not_after_order:
        rows.append((_("Not after an order, for"), in_words(plan.not_after_order)))
    if plan.max_messages_per_30d:
        rows.append((_("At most in 30 days"), str(plan.max_messages_per_30d)))
    rows += [
        (_("Hours for %s") % badges.CHANNELS[name], _window(each))
        for name, each in plan.quiet_hours.items()
        if any(name in step.channels for branch in plan.branches for step in branch.steps)
    ]
    again = {"restart": _("Starts again"), "ignore": _("Does not start again")}
    second = {"newest": _("The newest one wins"), "each": _("Each on its own")}
    rows += [
        (_("Too late after"), in_words(plan.stale_after)),
        (_("Left again"), again[plan.on_reabandon]),
        (_("Second cart"), second[plan.on_second_cart]),
        (_("Languages"), ", ".join(ENDONYMS.get(one, one) for one in plan.languages)),
        (_("Priority"), str(plan.priority)),
    ]
    if plan.holdout:
        rows.append((_("Held out"), share_in_words(plan.holdout / WHOLE_SHARE, 2)))
    rows += _audience(plan)
    if plan.sender:
        written = f"{plan.sender.name} <{plan.sender.email}>".strip()
        rows.append((_("Sender"), plan.sender.stored or written))
    return rows


def _audience(plan: Plan) -> list[tuple[str, str]]:
    """For whom it is, where it is not for everyone."""
    audience, rows = plan.audience, []
    if audience.customers != "all":
        never = _("People who never bought")
        not_for = in_words(audience.inactive_for or DEFAULT_INACTIVE_FOR)
        lapsed = _("People who bought, but not for %s") % not_for
        rows.append((_("Audience"), never if audience.customers == "new" else lapsed))
    if audience.segment is not None:
        rows.append((_("Segment"), audience.segment))
    return rows


def _window(window: Window) -> str:
    start, until = (f"{at // 60:02d}:{at % 60:02d}" for at in (window.start, window.until))
    zone = window.zone or _("recipient's zone")
    return f"{start}–{until}, {zone}"


def channels_of(plan: Plan) -> frozenset[str]:
    """The channels in which any step of the plan says something."""
    return frozenset(
        channel for branch in plan.branches for step in branch.steps for channel in step.channels
    )
