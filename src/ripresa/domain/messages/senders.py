"""Stored senders: who mails come from, kept once and named by their address or name (SND-1)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ripresa.core.ids import new_id
from ripresa.domain.messages.models import Message, Sender
from ripresa.domain.messages.operations import release_held


class SenderExists(Exception):
    """The shop has a sender with this address already."""


class NoSuchSender(Exception):
    """No sender is named so; the message says which there are."""


class SenderInUse(Exception):
    """The sender can't be forgotten; the message says what holds it."""


@dataclass(frozen=True, slots=True)
class NewSender:
    """A sender to store. `reply_to` empty: replies go to `email`."""

    email: str
    name: str
    reply_to: str = ""


def add_sender(*, shop_id: int, sender: NewSender, now: datetime) -> Sender:
    """Store a sender. Raises SenderExists."""
    try:
        with transaction.atomic():
            return Sender.objects.create(
                shop_id=shop_id,
                id=new_id(now),
                email=sender.email,
                name=sender.name,
                reply_to=sender.reply_to,
            )
    except IntegrityError:
        raise SenderExists(f"there is a sender {sender.email} already") from None


def change_sender(sender: Sender, changes: Mapping[str, str]) -> None:
    """Change name or reply-to: mails that are composed from now on have them."""
    Sender.objects.filter(shop_id=sender.shop_id, id=sender.id).update(**changes)


def pause_sender(sender: Sender, reason: str, *, now: datetime) -> bool:
    """Hold what would leave under it. False: it was held already, and keeps its reason."""
    open_one = Sender.objects.filter(shop_id=sender.shop_id, id=sender.id, paused_at=None)
    return bool(open_one.update(paused_at=now, paused_reason=reason))


def resume_sender(sender: Sender, *, now: datetime) -> bool:
    """Let it send again; what its pause held is due at once. False: it was not held."""
    held = Sender.objects.filter(shop_id=sender.shop_id, id=sender.id).exclude(paused_at=None)
    was_held = bool(held.update(paused_at=None, paused_reason=""))
    release_held(shop_id=sender.shop_id, now=now)
    return was_held


def remove_sender(sender: Sender) -> None:
    """Forget a sender that has sent nothing. Raises SenderInUse."""
    count = Message.objects.filter(shop_id=sender.shop_id, sender_id=sender.id).count()
    if count:
        raise SenderInUse(
            f"{sender.email} stands on {count} messages, which keep it; to stop it, pause it"
        )
    Sender.objects.filter(shop_id=sender.shop_id, id=sender.id).delete()


def list_senders(shop_id: int) -> list[Sender]:
    """All senders of a shop by address."""
    return list(Sender.objects.filter(shop_id=shop_id).order_by("email"))


def find_sender(*, shop_id: int, sender_id: UUID) -> Sender | None:
    """The sender with this id."""
    return Sender.objects.filter(shop_id=shop_id, id=sender_id).first()


def get_sender(*, shop_id: int, named: str) -> Sender:
    """The sender with this address or name, capitals or not. Raises NoSuchSender."""
    found = senders_named(shop_id=shop_id, words=[named]).get(named.strip().lower())
    if found is None:
        there = ", ".join(one.email for one in list_senders(shop_id))
        raise NoSuchSender(
            f"there is no single sender {named!r}; "
            + (f"there are: {there}" if there else "the shop has none")
        )
    return found


def senders_named(*, shop_id: int, words: Collection[str]) -> dict[str, Sender]:
    """The sender behind each word, lower-case: its address, or a name that no other sender has."""
    known = _by_word(shop_id)
    asked = (word.strip().lower() for word in words)
    return {word: known[word] for word in asked if word in known}


def words_for(senders: Collection[tuple[str, str]]) -> frozenset[str]:
    """Every word that names one of `senders` (name, address), lower-case: a name of two names neither."""
    names = Counter(name.strip().lower() for name, _ in senders)
    once = {name for name, number in names.items() if name and number == 1}
    return frozenset(once | {address.lower() for _, address in senders})


def _by_word(shop_id: int) -> dict[str, Sender]:
    everybody = list_senders(shop_id)
    names = Counter(one.name.strip().lower() for one in everybody)
    by_name = {one.name.strip().lower(): one for one in everybody}
    found = {name: one for name, one in by_name.items() if name and names[name] == 1}
    return found | {one.email.lower(): one for one in everybody}
