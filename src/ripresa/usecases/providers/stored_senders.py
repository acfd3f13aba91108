"""Stored senders, and the scenarios and campaigns that name them."""

from datetime import datetime

from django.db import transaction

from ripresa.domain.audit.words import Action
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.messages import senders
from ripresa.domain.messages.models import Sender
from ripresa.domain.messages.senders import NewSender, SenderInUse
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.senders import is_address
from ripresa.usecases.providers.carriers_log import tell

LONGEST_NAME = 200


class NotASender(ValueError):
    """It can't be a sender; `field` says what is wrong with it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@transaction.atomic
def add_sender(*, shop_id: int, sender: NewSender, now: datetime) -> Sender:
    """Store a sender. Raises NotASender, SenderExists."""
    _check(name=sender.name, reply_to=sender.reply_to)
    if not is_address(sender.email):
        raise NotASender("email", f"{sender.email!r} is no e-mail address")
    made = senders.add_sender(shop_id=shop_id, sender=sender, now=now)
    tell(made, Action.CREATED, now)
    return made


@transaction.atomic
def change_sender(sender: Sender, *, name: str | None, reply_to: str | None, now: datetime) -> None:
    """Change what is given; "" takes a reply-to away. Raises NotASender."""
    _check(name=sender.name if name is None else name, reply_to=reply_to or "")
    changes = {"name": name, "reply_to": reply_to}
    given = {key: value for key, value in changes.items() if value is not None}
    if given:
        senders.change_sender(sender, given)
        before = {key: getattr(sender, key) for key in given}
        tell(sender, Action.CHANGED, now, given, before=before)


@transaction.atomic
def pause_sender(sender: Sender, reason: str, *, now: datetime) -> bool:
    """Hold what would leave under it. False: it was held already, and keeps its reason."""
    is_new = senders.pause_sender(sender, reason, now=now)
    if is_new:
        tell(sender, Action.PAUSED, now, {"reason": reason})
    return is_new


@transaction.atomic
def resume_sender(sender: Sender, *, now: datetime) -> bool:
    """Let it send again; what its pause held is due at once. False: it was not held."""
    was_held = senders.resume_sender(sender, now=now)
    if was_held:
        tell(sender, Action.RESUMED, now)
    return was_held


@transaction.atomic
def remove_sender(sender: Sender, *, now: datetime) -> None:
    """Forget a sender that has sent nothing and that nothing names. Raises SenderInUse."""
    users = _users(sender)
    if users:
        raise SenderInUse(f"{sender.email} is the sender of {', '.join(users)}: change that first")
    senders.remove_sender(sender)
    tell(sender, Action.REMOVED, now)


def _check(*, name: str, reply_to: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotASender("name", f"a name has from 1 to {LONGEST_NAME} characters on one line")
    if reply_to and not is_address(reply_to):
        raise NotASender("reply_to", f"{reply_to!r} is no e-mail address")


def _users(sender: Sender) -> list[str]:
    """What is not over and names this sender."""
    words = {sender.email.lower(), sender.name.strip().lower()}
    shop_id = sender.shop_id
    open_ones = Scenario.objects.filter(shop_id=shop_id).exclude(state="ended")
    current = dict(open_ones.values_list("version_id", "name"))
    plans = ScenarioVersion.objects.filter(shop_id=shop_id, id__in=current)
    named = [
        current[version_id]
        for version_id, stored in plans.values_list("id", "plan__sender__stored")
        if (stored or "").strip().lower() in words - {""}
    ]
    campaigns = Campaign.objects.filter(shop_id=shop_id).exclude(state="ended")
    named += [
        name
        for name, stored in campaigns.values_list("name", "plan__message__sender__stored")
        if (stored or "").strip().lower() in words - {""}
    ]
    return sorted(named)
