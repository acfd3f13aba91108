"""Stop everything that leaves a shop, or all shops, at once, and let it start again; one sender too.

The switches are two columns that hand-over reads in its own transaction: planned messages stay
planned, held with the reason `stopped`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.shops.models import Install, Shop

VOLUME = "volume"
CONFIRMED_FOR = timedelta(days=1)
_SENDING = Subject(About.SENDING)
_EVERY_SHOP = Subject(About.SENDING, "install")


@transaction.atomic
def stop_shop(*, shop_id: int, now: datetime) -> bool:
    """Stop all sending of a shop; False: it was stopped already."""
    if not Shop.objects.filter(id=shop_id, stopped_at__isnull=True).update(stopped_at=now):
        return False
    write_down(shop_id=shop_id, action=Action.STOPPED, subject=_SENDING, now=now)
    return True


def stop_for_volume(*, shop: Shop, now: datetime) -> None:
    """The breaker: far more messages than usual are held until a person has said that they are right."""
    running = Shop.objects.filter(id=shop.id, stopped_at__isnull=True)
    if running.update(stopped_at=now, stopped_reason=VOLUME):
        tell_owner(shop_id=shop.id, tellings=[Telling(VOLUME, shop.name, shop.slug)], now=now)
        why = {"reason": VOLUME}
        write_down(shop_id=shop.id, action=Action.STOPPED, subject=_SENDING, after=why, now=now)
    shop.stopped_at, shop.stopped_reason = now, VOLUME


@transaction.atomic
def start_shop(*, shop_id: int, now: datetime) -> bool:
    """Let a stopped shop send again: what is still due goes out. False: it was not stopped.

    Whoever starts a shop that the breaker has stopped says that so many are right: for a day it asks
    no more.
    """
    stopped = Shop.objects.select_for_update().filter(id=shop_id, stopped_at__isnull=False).first()
    if stopped is None:
        return False
    if stopped.stopped_reason == VOLUME:
        stopped.volume_confirmed_until = now + CONFIRMED_FOR
    stopped.stopped_at, stopped.stopped_reason = None, ""
    stopped.save(update_fields=["stopped_at", "stopped_reason", "volume_confirmed_until"])
    outbox.release_held(shop_id=shop_id, now=now)
    write_down(shop_id=shop_id, action=Action.STARTED, subject=_SENDING, now=now)
    return True


@transaction.atomic
def stop_install(*, now: datetime) -> bool:
    """Stop all sending of every shop, also of those to come; False: it was stopped already."""
    Install.objects.bulk_create([Install()], ignore_conflicts=True)
    if not Install.objects.filter(stopped_at__isnull=True).update(stopped_at=now):
        return False
    _tell_every_shop(Action.STOPPED, now)
    return True


def start_install(*, now: datetime) -> bool:
    """Lift the stop of the install; shops stopped by themselves stay so. False: it was not stopped."""
    if not Install.objects.filter(stopped_at__isnull=False).update(stopped_at=None):
        return False
    _tell_every_shop(Action.STARTED, now)
    # Shop by shop: if this is cut short, what is still held is looked at again by itself.
    for shop_id in Shop.objects.filter(stopped_at__isnull=True).values_list("id", flat=True):
        outbox.release_held(shop_id=shop_id, now=now)
    return True


@transaction.atomic
def resume_sender(*, shop_id: int, sender_id: UUID, now: datetime) -> None:
    """Someone has looked at why a sender was refused: it sends again (CNS-3)."""
    outbox.resume_sender(shop_id=shop_id, sender_id=sender_id, now=now)
    sender = Subject(About.SENDER, sender_id)
    write_down(shop_id=shop_id, action=Action.RESUMED, subject=sender, now=now)


def _tell_every_shop(action: Action, now: datetime) -> None:
    """The switch of the install, in the log of each shop."""
    for shop_id in Shop.objects.order_by("id").values_list("id", flat=True):
        write_down(shop_id=shop_id, action=action, subject=_EVERY_SHOP, now=now)
