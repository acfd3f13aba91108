"""What one thing heard asks for, once, in the transaction that writes it down (CNS-3, AGT-3, SCN-11)."""

from datetime import datetime
from typing import Any, NamedTuple

import structlog

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import RefusalKind
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.domain.campaigns.models import CampaignRecipient
from ripresa.domain.contacts import suppression
from ripresa.domain.contacts.queries import contacts_at
from ripresa.domain.messages import feedback as heard
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.feedback import Item
from ripresa.domain.messages.models import Message
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.messages.rules import rest_of
from ripresa.domain.providers import errands
from ripresa.domain.providers import operations as providers
from ripresa.domain.providers.queries import find_account
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.plan import AGENT
from ripresa.usecases.consent import consent_answers
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.feedback.people import hear_opt_out, hear_reply
from ripresa.usecases.feedback.postal import suppressed_as
from ripresa.usecases.sending.pauses import Cause, pause_itself

_log = structlog.get_logger("ripresa.feedback")


class Case(NamedTuple):
    """One thing heard, with all that it is about."""

    shop_id: int
    source: Source
    item: Item
    message: Message | None
    now: datetime

    @property
    def said(self) -> Feedback:
        """What was told."""
        return self.item.feedback


def has_consequences(kind: FeedbackKind) -> bool:
    """Whether anything follows from it but where the message stands."""
    return kind in _CONSEQUENCES


def follow(case: Case) -> None:
    """Do what it asks for. What an agent does with a notice is no word of the customer's."""
    is_notice = case.item.channel == AGENT
    if is_notice and (case.said.kind is not FeedbackKind.BOUNCED or not _is_refusal(case.said)):
        return
    _CONSEQUENCES[case.said.kind](case)


def _is_refusal(said: Feedback) -> bool:
    """Whether it is the sender or the account that was refused."""
    reason = said.reason or BounceReason.UNCLEAR
    return reason.kind in {RefusalKind.POLICY, RefusalKind.CREDIT}


def _complained(case: Case) -> None:
    _suppress(case, "complaint")


def _bounced(case: Case) -> None:
    reason = case.said.reason or BounceReason.UNCLEAR
    if reason is BounceReason.OPTED_OUT:
        _opted_out(case)
    elif reason.kind is RefusalKind.POLICY:
        _hold_sender(case)
    elif reason.kind is RefusalKind.CREDIT:
        _hold_account(case)
    elif reason is BounceReason.CONTENT:
        _refused_for_content(case)
    elif reason.kind is RefusalKind.MAILBOX and case.said.is_permanent:
        _suppress(case, "hard_bounce")
    elif reason in heard.SOFT and not case.said.is_permanent:
        _rest(case)


def _suppress(case: Case, cause: str) -> None:
    address = suppressed_as(case.shop_id, case.item, case.message)
    if address is None:
        return
    suppression.suppress(
        shop_id=case.shop_id,
        channel=case.item.channel,
        cause=cause,
        details={address: case.said.detail},
        now=case.now,
    )


def _rest(case: Case) -> None:
    """An address rests after soft bounces, and is given up in the end: by all that was heard of it."""
    address = case.item.recipient
    if address is None or case.item.channel == "letter":
        return
    place: dict[str, Any] = {
        "shop_id": case.shop_id,
        "channel": case.item.channel,
        "address": address,
    }
    found = rest_of(heard.soft_bounces(**place), heard.latest_delivery_to(**place))
    if found is None:
        suppression.end_rest(**place)
    else:
        suppression.rest(**place, until=found.until, detail=case.said.detail, now=case.now)


def _refused_for_content(case: Case) -> None:
    """One receiver's filter may be wrong; several that refuse what a sender writes are not."""
    message = case.message
    if message is None or not case.said.is_permanent:
        return
    if heard.is_refused_for_content(message=message, at=case.said.occurred_at):
        _hold_sender(case)


def _hold_sender(case: Case) -> None:
    """The sender rests, for it is what was refused; without one, the scenario or campaign does."""
    message = case.message
    if message is None:
        return
    reason = case.said.detail or say("refused for policy")
    if message.sender_id is None:
        _pause_origin(case, message, Cause("refused", reason))
        return
    paused = outbox.pause_senders(
        shop_id=case.shop_id, reasons={message.sender_id: reason}, now=case.now
    )
    for email, why in paused:
        _log.warning("sender paused", shop=case.shop_id, sender=email, reason=why)
    tellings = [Telling("sender", email, why) for email, why in paused]
    tell_owner(shop_id=case.shop_id, tellings=tellings, now=case.now)


def _hold_account(case: Case) -> None:
    """Without credit nothing more leaves by the account, or, where it is not ours, by the scenario."""
    reason = case.said.detail or say("no credit left")
    account_id = case.source.account_id
    account = None if account_id is None else find_account(case.shop_id, account_id)
    if account is None:
        if case.message is not None:
            _pause_origin(case, case.message, Cause("credit", reason))
        return
    if providers.pause_account(
        shop_id=case.shop_id, account_id=account.id, reason=reason, now=case.now
    ):
        telling = Telling("account", account.name, reason)
        tell_owner(shop_id=case.shop_id, tellings=[telling], now=case.now)


def _pause_origin(case: Case, message: Message, cause: Cause) -> None:
    """What wrote the message: the scenario, or the campaign. What was sent by hand pauses nothing."""
    row = {"shop_id": case.shop_id, "id": message.origin_id}
    scenarios = Recovery.objects.filter(**row).values_list("scenario_id", flat=True)
    campaigns = CampaignRecipient.objects.filter(**row).values_list("campaign_id", flat=True)
    origin = scenarios.first() or campaigns.first()
    if origin is not None:
        pause_itself(shop_id=case.shop_id, causes={origin: cause}, now=case.now)


def _opted_out(case: Case) -> None:
    hear_opt_out(
        shop_id=case.shop_id,
        source=case.source,
        item=case.item,
        message=case.message,
        now=case.now,
    )


def _agreed(case: Case) -> None:
    """A yes counts where something was asked of that number; else it is a reply like any other."""
    phone = case.item.recipient
    if case.item.channel == "sms" and phone and _was_asked(case, phone):
        return
    if case.said.kind is FeedbackKind.AGREED:
        _replied(case)


def _was_asked(case: Case, phone: str) -> bool:
    return consent_answers.hear_yes(shop_id=case.shop_id, phone=phone, said=case.said, now=case.now)


def _asked_help(case: Case) -> None:
    """Whoever is known is answered: an answer costs, and anybody can write from any number."""
    phone = case.item.recipient
    if case.item.channel == "sms" and phone and contacts_at(case.shop_id, "sms", phone):
        errands.ask_for_help(shop_id=case.shop_id, phone=phone, now=case.now)


def _replied(case: Case) -> None:
    if case.message is not None:
        hear_reply(shop_id=case.shop_id, message=case.message, said=case.said, now=case.now)


_CONSEQUENCES = {
    FeedbackKind.BOUNCED: _bounced,
    FeedbackKind.DELIVERED: _rest,
    FeedbackKind.COMPLAINED: _complained,
    FeedbackKind.UNSUBSCRIBED: _opted_out,
    FeedbackKind.SUBSCRIBED: _agreed,
    FeedbackKind.AGREED: _agreed,
    FeedbackKind.ASKED_HELP: _asked_help,
    FeedbackKind.REPLIED: _replied,
}
