"""The chapters of a cart's story in words: titles, sentences and colours (SCN-15)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ripresa.console.carts import heard
from ripresa.console.layout import badges, reasons
from ripresa.console.layout.writing import locale
from ripresa.console.pipeline import deeds
from ripresa.console.steps.titles import title_in
from ripresa.domain.messages.models import Message
from ripresa.usecases.carts.tell_cart import Chapter, Kind, Story

TONES = {"sent": "green", "held": "amber", "failed": "red", "unknown": "amber"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One chapter as a person reads it.

    `code` is the reason as files and programs call it, `until` the end of a hold.
    """

    at: datetime
    title: str
    detail: str = ""
    tone: str = "plain"
    code: str = ""
    is_ahead: bool = False
    until: datetime | None = None


def in_words(story: Story) -> list[Entry]:
    """All chapters of a cart in the order in which they happened, what is ahead last."""
    return [_WORDS[chapter.kind](chapter, story) for chapter in story.chapters]


def titled(story: Story) -> list[tuple[Message, str]]:
    """The messages of a cart, each with what its step is called."""
    versions = {run.id: run.version_id for run in story.runs.values()}
    return [
        (each, title_in(story.cart.shop_id, versions.get(each.origin_id), each.step))
        for each in story.messages
    ]


def _begun(chapter: Chapter, _story: Story) -> Entry:
    return Entry(chapter.at, _("Cart begun"))


def _abandoned(chapter: Chapter, _story: Story) -> Entry:
    what = {"checkout": _("Checkout left behind")}.get(
        chapter.cart_kind or "", _("Cart left behind")
    )
    return Entry(chapter.at, what, chapter.value.text(locale()) if chapter.value else "", "grey")


def _ordered(chapter: Chapter, story: Story) -> Entry:
    detail = {
        "recovered": _("The cart is recovered."),
        "ordered": _("Bought without ever being left behind."),
        "closed": _("The person ordered otherwise; this cart is closed."),
    }
    what = _("Order %s placed") % chapter.order
    return Entry(chapter.at, what, detail.get(story.cart.state, ""), "green")


def _order_cancelled(chapter: Chapter, _story: Story) -> Entry:
    return Entry(chapter.at, _("Order cancelled"), tone="red")


def _emptied(chapter: Chapter, _story: Story) -> Entry:
    return Entry(chapter.at, _("Cart emptied"))


def _expired(chapter: Chapter, _story: Story) -> Entry:
    return Entry(chapter.at, _("Cart expired"), _("Too old to chase any longer."))


def _taken_up(chapter: Chapter, _story: Story) -> Entry:
    return Entry(chapter.at, _("Taken up by %s") % _scenario(chapter))


def _decided(chapter: Chapter, story: Story) -> Entry:
    outcome = chapter.outcome or ""
    what = str(badges.badge("message", outcome).text)
    until = chapter.facts.get("until")
    return Entry(
        chapter.at,
        ": ".join(filter(None, [what, _where(chapter, story)])),
        reasons.sentence(chapter.reason) or _text_of(chapter),
        TONES.get(outcome, "plain"),
        chapter.reason or "",
        until=datetime.fromisoformat(until) if isinstance(until, str) else None,
    )


def _text_of(chapter: Chapter) -> str:
    """Which state of a text of the shop's own was sent."""
    if "text_version" not in chapter.facts:
        return ""
    said = {"name": chapter.facts["text"], "version": chapter.facts["text_version"]}
    return _("Text %(name)s, version %(version)s") % said


def _heard(chapter: Chapter, story: Story) -> Entry:
    told = chapter.heard
    if told is None:
        raise AssertionError("a chapter about feedback has it")
    where = _where(chapter, story)
    title = ": ".join(filter(None, [heard.title_of(told), where]))
    code = told.reason or told.verdict_rule
    return Entry(chapter.at, title, heard.detail_of(told), heard.tone_of(told), code)


def _deal(chapter: Chapter, _story: Story) -> Entry:
    done = chapter.deal
    if done is None:
        raise AssertionError("a chapter about a deal tells what was done with it")
    deed = deeds.in_words(done)
    detail = ": ".join(filter(None, [deed.who, deed.note]))
    tone = {"won": "green", "lost": "grey"}.get(done.kind, "plain")
    return Entry(chapter.at, deed.title, detail, tone, until=done.until)


def _ended(chapter: Chapter, _story: Story) -> Entry:
    code = chapter.reason or ""
    return Entry(chapter.at, _scenario(chapter), reasons.sentence(code), code=code)


def _waiting(chapter: Chapter, _story: Story) -> Entry:
    what = _("%s takes the cart up") % _scenario(chapter)
    return Entry(chapter.at, what, tone="blue", is_ahead=True)


def _planned(chapter: Chapter, story: Story) -> Entry:
    where = _where(chapter, story)
    return Entry(chapter.at, _("Planned: %s") % where, tone="blue", is_ahead=True)


def _by_hand(chapter: Chapter, _story: Story) -> Entry:
    asked = chapter.by_hand
    if asked is None:
        raise AssertionError("a chapter about a message by hand says who sent it")
    overrides = {"caps": _("the cap"), "quiet_hours": _("quiet hours")}
    named = ", ".join(overrides[one] for one in asked.overrides)
    detail = f"{_('Overridden and confirmed')}: {named}" if named else ""
    return Entry(chapter.at, _("Sent off by hand: %s") % asked.asked_by, detail)


def _scenario(chapter: Chapter) -> str:
    """The scenario or campaign a chapter belongs to, or that it was by hand."""
    if chapter.by_hand is not None:
        return _("by hand")
    if chapter.campaign is not None:
        return _("Campaign %s") % chapter.campaign.name
    return chapter.run.scenario if chapter.run else ""


def _where(chapter: Chapter, story: Story) -> str:
    version_id = chapter.run.version_id if chapter.run else None
    named = (
        title_in(story.cart.shop_id, version_id, chapter.step),
        str(badges.CHANNELS.get(chapter.channel or "", chapter.channel or "")),
        _scenario(chapter),
    )
    return " · ".join(filter(None, named))


_WORDS: Mapping[Kind, Callable[[Chapter, Story], Entry]] = {
    Kind.BEGUN: _begun,
    Kind.ABANDONED: _abandoned,
    Kind.ORDERED: _ordered,
    Kind.ORDER_CANCELLED: _order_cancelled,
    Kind.EMPTIED: _emptied,
    Kind.EXPIRED: _expired,
    Kind.TAKEN_UP: _taken_up,
    Kind.BY_HAND: _by_hand,
    Kind.DECIDED: _decided,
    Kind.HEARD: _heard,
    Kind.DEAL: _deal,
    Kind.ENDED: _ended,
    Kind.WAITING: _waiting,
    Kind.PLANNED: _planned,
}
