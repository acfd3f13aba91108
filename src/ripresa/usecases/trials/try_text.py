"""A text as a test, to oneself: marked as one, its links harmless, and not too many in an hour (MSG-6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ripresa.contracts.channel import Accepted, Channels, Fate, OutgoingEmail
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Membership, Shop
from ripresa.domain.templates.merge import CannotMerge
from ripresa.domain.templates.render import Rendered, TemplateMissing
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.templates import try_sms
from ripresa.usecases.templates.preview_message import Basis, sample_context
from ripresa.usecases.templates.try_sms import NotPossible, TestSms, harmless_links
from ripresa.usecases.trials.try_account import mail_to, send_mail

MOST_PER_HOUR = 20
PREFIX = "[TEST]"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Test:
    """Which text is tried, in which language, and for whom it is filled in."""

    shop: Shop
    template: str
    language: str
    basis: Basis
    letterhead: Letterhead
    now: datetime


def members_addresses(shop_id: int) -> list[str]:
    """Whom a test mail may go to: the people who work for the shop."""
    rows = Membership.objects.filter(shop_id=shop_id).select_related("user")
    return sorted({row.user.email or row.user.get_username() for row in rows if row.user.is_active})


def mail_of(test: Test, *, to: str) -> OutgoingEmail:
    """What a text says by mail, as a test to one of the shop's people. Raises NotPossible."""
    if to not in members_addresses(test.shop.id):
        raise NotPossible(f"{to!r} is nobody who works for this shop", "address")
    words = _words(test, "email")
    marked = replace(words, subject=f"{PREFIX} {words.subject}")
    return mail_to(
        shop=test.shop,
        to=to,
        words=marked,
        language=test.language,
        letterhead=test.letterhead,
        now=test.now,
    )


def sms_of(test: Test, *, to: str, channels: Channels) -> TestSms:
    """What a text says by SMS, and what sending it would mean. Raises NotPossible."""
    return try_sms.look(
        shop=test.shop,
        to=to,
        text=_words(test, "sms").text,
        letterhead=test.letterhead,
        channels=channels,
        now=test.now,
    )


def send_mail_of(test: Test, mail: OutgoingEmail, channels: Channels) -> Fate:
    """Hand a test over, and keep that it was sent. Raises NotPossible: too many in an hour."""
    _check_rate(test)
    fate = send_mail(channels.email, mail)
    _tell(test, "email", fate)
    return fate


def send_sms_of(test: Test, sms: TestSms, channels: Channels) -> Fate:
    """Hand a test over, and keep that it was sent. Raises NotPossible."""
    _check_rate(test)
    fate = try_sms.send(sms, shop=test.shop, channels=channels)
    _tell(test, "sms", fate)
    return fate


def _words(test: Test, channel: str) -> Rendered:
    links = harmless_links(test.shop, test.letterhead)
    basis = replace(test.basis, links=links, base="", marks=False)
    context = sample_context(test.shop, test.language, test.now, basis)
    try:
        return Texts(test.shop.id).render(test.template, channel, test.language, context)
    except (TemplateMissing, CannotMerge) as missing:
        raise NotPossible(str(missing), "unfinished") from None


def _check_rate(test: Test) -> None:
    tried = AuditEntry.objects.filter(
        shop_id=test.shop.id,
        subject_kind=About.MESSAGE.value,
        action=Action.TRIED.value,
        at__gt=test.now - _HOUR,
    ).count()
    if tried >= MOST_PER_HOUR:
        raise NotPossible(f"{MOST_PER_HOUR} tests were sent within an hour: wait a little", "rate")


def _tell(test: Test, channel: str, fate: Fate) -> None:
    write_down(
        shop_id=test.shop.id,
        action=Action.TRIED,
        subject=Subject(About.MESSAGE, "test", test.template),
        now=test.now,
        after={"channel": channel, "taken_over": isinstance(fate, Accepted)},
    )
