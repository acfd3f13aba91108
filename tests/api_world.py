"""The world of the personas in a database of its own, for a real server: prints a key and ids as JSON."""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "ripresa.entrypoints.settings"
django.setup()

from ripresa.domain.messages.models import Message  # noqa: E402
from ripresa.domain.scenarios.models import Recovery  # noqa: E402
from ripresa.domain.shops.models import ApiKey  # noqa: E402
from ripresa.usecases.reporting.keeping import rebuild  # noqa: E402
from ripresa.usecases.shops.api_keys import SCOPES, add_api_key  # noqa: E402
from tests.api_rows import make_rows  # noqa: E402
from tests.rows import T0  # noqa: E402
from tests.world import build_world, fill  # noqa: E402


def main() -> None:
    world = build_world()
    carts = fill(world.shop, world.scenario, 20, T0)
    made = add_api_key(shop=world.shop, scopes=SCOPES, label="a test", now=T0)
    ApiKey.objects.filter(id=made.key.id).update(rate_per_second=1_000_000)
    runs = Recovery.objects.filter(shop=world.shop).values_list("id", flat=True)
    messages = Message.objects.filter(shop=world.shop).values_list("id", flat=True)
    ids = {
        "contact_id": [world.ben.id, world.cleo.id],
        "cart_id": [world.ben_cart.id, world.ben_recovered.id, *(cart.id for cart in carts)],
        "recovery_id": list(runs),
        "scenario_id": [world.scenario.id, world.draft.id],
        "message_id": list(messages),
        "number": [1],
    }
    rebuild(shop_id=world.shop.id, now=T0)
    rows = make_rows(world, T0).ids
    ids |= {name: [row] for name, row in rows.items() if name not in ids}
    print(json.dumps({"key": made.text, "ids": ids}, default=str))


if __name__ == "__main__":
    main()
