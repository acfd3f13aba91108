"""The story of one cart in order: what the shopper did, what was decided, and why (SCN-15)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from ripresa.console.layout import badges, reasons
from ripresa.core.money import Money
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios import figures as scenarios
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.queries import TrailLine, trail_of_cart

TONES = {"sent": "green", "held": "amber", "failed": "red", "unknown": "amber"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened or is still to come.

    `code` is the reason as files and programs call it, `until` the end of a hold.
    """

    at: datetime
    title: str
    detail: str = ""
    tone: str = "plain"
    code: str = ""
    is_ahead: bool = False
    until: datetime | None = None


def tell(
    cart: Cart,
    abandonments: Sequence[Abandonment],
    order: Order | None,
    messages: Sequence[Message],
) -> list[Chapter]:
    """All chapters of a cart in the order in which they happened, what is planned last."""
    runs = scenarios.runs_of_cart(cart.shop_id, cart.id)
    decisions = trail_of_cart(cart.shop_id, cart.id)
    names = {run.id: run.scenario.name for run in runs}
    past = [
        *_shopper(cart, abandonments, order),
        *(_decided(each) for each in decisions),
        *_ended(runs, decisions),
    ]
    ahead = [*_waiting(runs), *_planned(messages, names)]
    return sorted(past, key=lambda each: each.at) + sorted(ahead, key=lambda each: each.at)


def _shopper(
    cart: Cart, abandonments: Sequence[Abandonment], order: Order | None
) -> Iterable[Chapter]:
    yield Chapter(cart.begun_at, _("Cart begun"))
    for each in abandonments:
        value = Money(each.total_minor, each.currency).text("en")
        what = {"checkout": _("Checkout left behind")}.get(each.kind, _("Cart left behind"))
        yield Chapter(each.abandoned_at, what, value, "grey")
    if order is not None and order.placed_at is not None:
        yield from _bought(cart, order, order.placed_at)
    elif cart.state == "emptied":
        yield Chapter(cart.left_at, _("Cart emptied"))
    elif cart.state == "expired" and cart.ended_at is not None:
        yield Chapter(cart.ended_at, _("Cart expired"), _("Too old to chase any longer."))


def _bought(cart: Cart, order: Order, placed_at: datetime) -> Iterable[Chapter]:
    what = _("Order %s placed") % (order.number or order.external_id)
    detail = {
        "recovered": _("The cart is recovered."),
        "ordered": _("Bought without ever being left behind."),
        "closed": _("The person ordered otherwise; this cart is closed."),
    }
    yield Chapter(placed_at, what, detail.get(cart.state, ""), "green")
    if order.cancelled_at is not None:
        yield Chapter(order.cancelled_at, _("Order cancelled"), tone="red")


def _decided(decision: TrailLine) -> Chapter:
    what = str(badges.badge("message", decision.outcome).text)
    where = [
        decision.step,
        str(badges.CHANNELS.get(decision.channel or "", "")),
        decision.scenario,
    ]
    return Chapter(
        decision.at,
        ": ".join(filter(None, [what, " · ".join(filter(None, where))])),
        reasons.sentence(decision.reason),
        TONES.get(decision.outcome, "plain"),
        decision.reason,
        until=_instant(decision.facts.get("until")),
    )


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _ended(runs: Sequence[Recovery], decisions: Sequence[TrailLine]) -> Iterable[Chapter]:
    """Recoveries whose end no decision tells: skipped before anything was planned."""
    told = {each.recovery_id for each in decisions}
    for run in runs:
        if run.id not in told and run.reason and run.ended_at is not None:
            yield Chapter(
                run.ended_at, run.scenario.name, reasons.sentence(run.reason), code=run.reason
            )


def _waiting(runs: Sequence[Recovery]) -> Iterable[Chapter]:
    for run in runs:
        if run.due_at is not None:
            what = _("%s takes the cart up") % run.scenario.name
            yield Chapter(run.due_at, what, tone="blue", is_ahead=True)


def _planned(messages: Sequence[Message], names: dict[UUID, str]) -> Iterable[Chapter]:
    for message in messages:
        if message.due_at is not None:
            where = (message.step, str(badges.CHANNELS.get(message.channel, message.channel)))
            what = _("Planned: %s") % " · ".join((*where, names.get(message.origin_id, "")))
            yield Chapter(message.due_at, what, tone="blue", is_ahead=True)
