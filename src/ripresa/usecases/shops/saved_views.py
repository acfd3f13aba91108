"""The filters of a list kept under a name: one's own, or everybody's in the shop."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ripresa.core.ids import new_id
from ripresa.domain.shops.models import SavedView

ROOMS = ("carts", "customers")
LONGEST_NAME = 60
MOST = 50


class NotAView(ValueError):
    """It can't be kept: it has no name, or there are too many already."""


def list_views(*, shop_id: int, user_id: int, room: str) -> Sequence[SavedView]:
    """Those of a list that this person sees, by name: the shop's first."""
    found = SavedView.objects.filter(
        Q(user_id=None) | Q(user_id=user_id), shop_id=shop_id, room=room
    )
    return sorted(found, key=lambda one: (one.user_id is not None, one.name.casefold()))


@transaction.atomic
def save_view(
    *, shop_id: int, user_id: int | None, room: str, name: str, query: str, now: datetime
) -> None:
    """Keep it; one of the same name is replaced. `user_id` None: for the whole shop. Raises NotAView."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name or room not in ROOMS:
        raise NotAView("a view needs a name")
    own = SavedView.objects.filter(shop_id=shop_id, room=room, user_id=user_id)
    if own.filter(name=name).update(query=query):
        return
    if own.count() >= MOST:
        raise NotAView(f"there may be {MOST}")
    SavedView.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        room=room,
        name=name,
        query=query,
        user_id=user_id,
        created_at=now,
    )


def find_view(*, shop_id: int, user_id: int, view_id: UUID) -> SavedView | None:
    """A view that this person sees."""
    found = SavedView.objects.filter(Q(user_id=None) | Q(user_id=user_id), shop_id=shop_id)
    return found.filter(id=view_id).first()


def remove_view(view: SavedView) -> None:
    """Forget it; the list itself is as it was."""
    SavedView.objects.filter(shop_id=view.shop_id, id=view.id).delete()
