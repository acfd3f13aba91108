"""Every address of the console, and how each is filled with the ids of Ada's rows."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from ripresa.console.urls import urlpatterns
from ripresa.domain.shops.models import Shop
from tests.world import World, deal_of, template_of
from tests.worlds import access
from tests.worlds.agents import agent_of
from tests.worlds.audience import campaign_of, segment_of, sketch_of
from tests.worlds.carriers import account_of, endpoint_of
from tests.worlds.connections import connection_of
from tests.worlds.coupons import file_of, pool_of
from tests.worlds.imports import import_of
from tests.worlds.people import saved_view_of
from tests.worlds.replays import replay_of
from tests.worlds.texts import picture_of, saved_block_of


def _routes(patterns, before: str = "") -> dict[str, str]:
    """Name -> route of every address, those of the rooms included."""
    found: dict[str, str] = {}
    for each in patterns:
        route = before + str(each.pattern)
        inner = getattr(each, "url_patterns", None)
        found.update({each.name: route} if inner is None else _routes(inner, route))
    return found


ROUTES = _routes(urlpatterns)
OF_A_SHOP = {name for name, route in ROUTES.items() if "<slug:slug>" in route}

# Which row of Ada's stands behind a parameter. A new parameter is a line here.
IDS: dict[str, Callable[[World], Any]] = {
    "cart_id": lambda world: world.hidden["cart"],
    "contact_id": lambda world: world.hidden["customer"],
    "scenario_id": lambda world: world.hidden["scenario"],
    "sender_id": lambda world: world.hidden["sender"],
    "draft_id": lambda world: world.hidden["draft"],
    "template_id": lambda world: template_of(world).id,
    "media_id": lambda world: picture_of(world).id,
    "saved_id": lambda world: saved_block_of(world).id,
    "connection_id": lambda world: connection_of(world).id,
    "campaign_id": lambda world: campaign_of(world).id,
    "sketch_id": lambda world: sketch_of(world).id,
    "person_id": lambda world: world.hidden["customer"],
    "segment_id": lambda world: segment_of(world).id,
    "view_id": lambda world: saved_view_of(world).id,
    "import_id": lambda world: import_of(world).id,
    "pool_id": lambda world: pool_of(world).id,
    "file_id": lambda world: file_of(world).id,
    "order_id": lambda world: world.ben_order.id,
    "membership_id": lambda world: access.membership_of(world).id,
    "key_id": lambda world: access.key_of(world).id,
    "account_id": lambda world: account_of(world).id,
    "endpoint_id": lambda world: endpoint_of(world).id,
    "passkey": lambda world: access.passkey_of(world).id,
    "session": lambda world: access.session_of(world).id,
    "approval_id": lambda world: access.approval_of(world).id,
    "subject_id": lambda world: world.hidden["scenario"],
    "replay_id": lambda world: replay_of(world).id,
    "agent_id": agent_of,
    "deal_id": lambda world: deal_of(world).id,
}
# What addresses hold beside the ids of rows.
WORDS = {
    "template": "reminder",
    "channel": "email",
    "language": "it",
    "number": 1,
    "kind": "scenario",
    "platform": "medusa",
    "block_id": "b1",
    "place": "b0s1",
    "provider": "smtp",
}


def address(name: str, shop: Shop, world: World) -> str:
    """A page of `shop`, with the id of a row of Ada's shop where it needs one."""
    route = ROUTES[name]
    kwargs: dict[str, Any] = {"slug": shop.slug}
    kwargs |= {each: find(world) for each, find in IDS.items() if f":{each}>" in route}
    kwargs |= {word: value for word, value in WORDS.items() if f":{word}>" in route}
    return reverse(name, kwargs=kwargs)
