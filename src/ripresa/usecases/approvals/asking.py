"""Ask for a second person's word, give it, and hold back what lacks it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ripresa.contracts.calling.sayings import say
from ripresa.core.ids import new_id
from ripresa.domain.audit.acting import Actor, actor
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Approval, Shop
from ripresa.usecases.approvals.persons import why_not


class NeedsApproval(Exception):
    """A second person has not approved this as it is now; the message says what to do."""


class NotToBeDecided(Exception):
    """It was decided already, or whoever asked may not answer; the message says which."""


class Matter(NamedTuple):
    """What is to go live: a scenario or a campaign, as its file says. `name`: how the shop calls it.

    `terms`: what holds beside the file, as a budget that was set by hand.
    """

    about: About
    id: UUID
    name: str
    text: str
    terms: str = ""

    @property
    def digest(self) -> bytes:
        """What an answer holds for."""
        held = f"{self.text}\0{self.terms}" if self.terms else self.text
        return hashlib.sha256(held.encode()).digest()


def require(shop: Shop, matter: Matter) -> None:
    """Let it pass, or raise NeedsApproval. Call it in the transaction that lets it go live."""
    if shop.second_person and not _of(shop.id, matter).filter(is_approved=True).exists():
        raise NeedsApproval(
            say(
                "{name!r} needs a second person's approval: ask for it, and let somebody else answer",
                name=matter.name,
            )
        )


def standing(shop_id: int, matter: Matter) -> Approval | None:
    """The latest word about it as it is now, or the question that waits for one."""
    return _of(shop_id, matter).order_by("-id").first()


def latest(shop_id: int, about: About, subject_id: UUID) -> Approval | None:
    """The latest question about it, however it has changed since, or its answer."""
    found = Approval.objects.filter(
        shop_id=shop_id, subject_kind=about.value, subject_id=subject_id
    )
    return found.order_by("-id").first()


@transaction.atomic
def ask(*, shop_id: int, matter: Matter, facts: Mapping[str, Any], now: datetime) -> Approval:
    """Ask for a second person; asked already, that question stands. `facts`: what she should know."""
    open_one = _of(shop_id, matter).filter(is_approved__isnull=True).first()
    if open_one is not None:
        return open_one
    made = Approval.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        subject_kind=matter.about.value,
        subject_id=matter.id,
        subject_name=matter.name,
        digest=matter.digest,
        text=matter.text,
        facts=dict(facts),
        asked_by=_name(actor()),
        asked_at=now,
    )
    _tell(made, Action.ASKED, now)
    return made


@transaction.atomic
def decide(
    *, shop_id: int, approval_id: UUID, is_approved: bool, reason: str, now: datetime
) -> Approval:
    """Answer as whoever is at work, a person who has not asked. Raises NotToBeDecided."""
    found = Approval.objects.select_for_update().get(shop_id=shop_id, id=approval_id)
    who = actor()
    if found.is_approved is not None:
        raise NotToBeDecided("it was decided already")
    if refused := why_not(found, who):
        raise NotToBeDecided(refused)
    found.is_approved, found.reason = is_approved, reason
    found.decided_by, found.decided_at = _name(who), now
    found.save(update_fields=["is_approved", "reason", "decided_by", "decided_at"])
    _tell(found, Action.APPROVED if is_approved else Action.REFUSED, now)
    return found


def find(shop_id: int, approval_id: UUID) -> Approval | None:
    """One question."""
    return Approval.objects.filter(shop_id=shop_id, id=approval_id).first()


def list_approvals(
    shop_id: int, *, is_open: bool | None, older_than: UUID | None, limit: int
) -> list[Approval]:
    """A page of questions, the newest first; `is_open`: those that wait, or those that were answered."""
    found = Approval.objects.filter(shop_id=shop_id)
    if is_open is not None:
        found = found.filter(is_approved__isnull=is_open)
    if older_than is not None:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def list_open(shop_id: int) -> list[Approval]:
    """What waits for a second person, the oldest first."""
    waiting = Approval.objects.filter(shop_id=shop_id, is_approved__isnull=True)
    return list(waiting.order_by("id"))


def list_decided(shop_id: int, most: int = 20) -> list[Approval]:
    """What was answered, the latest first."""
    decided = Approval.objects.filter(shop_id=shop_id, is_approved__isnull=False)
    return list(decided.order_by("-decided_at")[:most])


def may_decide(approval: Approval) -> bool:
    """Whether whoever is at work is the second person."""
    return not why_not(approval, actor())


def _of(shop_id: int, matter: Matter) -> "QuerySet[Approval]":
    return Approval.objects.filter(
        shop_id=shop_id, subject_kind=matter.about.value, subject_id=matter.id, digest=matter.digest
    )


def _name(who: Actor) -> str:
    return f"{who.kind.value}.{who.id}"


def _tell(approval: Approval, action: Action, now: datetime) -> None:
    subject = Subject(About(approval.subject_kind), approval.subject_id, approval.subject_name)
    after = {"reason": approval.reason} if approval.reason else {}
    write_down(shop_id=approval.shop_id, action=action, subject=subject, after=after, now=now)
