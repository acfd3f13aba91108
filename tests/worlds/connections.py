"""Connections of Ada's shop: one that works and remarks something, with its history being told."""

from datetime import timedelta

from ripresa.core.ids import new_id
from ripresa.domain.connections.models import BackFill, Connection
from tests.rows import DAY, T0
from tests.world import World


def connection_of(world: World) -> Connection:
    """Ada's WooCommerce, made when somebody first asks for it."""
    found = Connection.objects.filter(shop=world.shop).first()
    if found is not None:
        return found
    made = Connection.objects.create(
        shop=world.shop, id=new_id(T0), platform="woocommerce", name="enoteca", secrets=b"",
        settings={"url": "https://wines.test", "permalinks": "pretty"}, created_at=T0 - 30 * DAY,
        asked_until=T0, ask_at=T0 + timedelta(minutes=5), last_heard_at=T0 - timedelta(minutes=3),
        heard=1234, missed=7, refused=2, register_at=T0 + timedelta(hours=1),
        standing={
            "made": [], "kept": ["order.created", "order.updated"], "problems": [], "trouble": "",
            "warnings": ["The plugin of another maker reminds people as well: switch one off."],
        },
        problems=[{"at": T0.isoformat(), "field": "contact.email", "code": "not_an_email", "message": "is no address"}],
    )  # fmt: skip
    BackFill.objects.create(
        shop=world.shop, id=new_id(T0), connection_id=made.id, since=T0 - 330 * DAY,
        until=T0 - 100 * DAY, begun_at=T0 - timedelta(minutes=2), due_at=T0 + timedelta(minutes=9),
        pages=12, heard=5210, known=14, refused=3,
    )  # fmt: skip
    return made


def connection_pages(world: World) -> dict[str, str]:
    """The pages of connections by name, for a browser to walk."""
    room = "/wines/settings/connections/"
    own = f"{room}{connection_of(world).id}/"
    return {
        "connections": room,
        "connection": own,
        "connection-new": f"{room}new/",
        "connect-shopify": f"{room}new/shopify/?way=oauth",
        "connect-medusa": f"{room}new/medusa/",
        "connection-change": f"{own}settings/",
        "disconnect": f"{own}disconnect/",
        "health": "/wines/settings/health/",
        "storefront": "/wines/settings/storefront/",
        "popup": "/wines/settings/popup/?language=it",
        "shadow": "/wines/settings/shadow/",
    }
