"""Views that were saved, and whatever else the rooms of carts and customers want beside the personas."""

from ripresa.core.ids import new_id
from ripresa.domain.shops.models import SavedView
from tests.rows import T0
from tests.world import World


def saved_view_of(world: World) -> SavedView:
    """The shop's own view of its large carts, made when somebody first asks for it."""
    found = SavedView.objects.filter(shop=world.shop).first()
    return found or SavedView.objects.create(
        shop=world.shop, id=new_id(T0), room="carts", name="Large ones", query="value=50",
        created_at=T0,
    )  # fmt: skip
