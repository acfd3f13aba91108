"""The demo's shop, its login and its scenario, made at the first start and found at the next."""

import secrets
from datetime import datetime
from importlib.resources import files

from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.demo.memory import LOGIN, SLUG, Memory
from ripresa.usecases.scenarios.activate_scenario import activate
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from ripresa.usecases.shops.create_shop import add_key, create_shop, create_user

_ABOUT = {
    "owner_email": "aiuto@bottega.example",
    "address": "Via del Vino 7, 12060 Barolo CN, Italia",
    "hosts": ["localhost", "127.0.0.1"],
    "currency": "EUR",
    "country": "IT",
    "timezone": "Europe/Rome",
    "language": "en",
}


def seed(memory: Memory, *, store_url: str, now: datetime) -> None:
    """Make what is missing; the keys and the password are put into `memory`."""
    shop = Shop.objects.filter(slug=SLUG).first()
    if shop is None:
        shop = _make(memory, store_url, now)
    elif not (memory.secret_key and memory.public_key):
        # They are shown once, and someone has deleted the file that kept them.
        memory.secret_key = add_key(shop=shop, kind="secret", label="demo", now=now)
        memory.public_key = add_key(shop=shop, kind="public", label="demo", now=now)
    # The port may be another one than in the run before.
    Shop.objects.filter(id=shop.id).update(store_url=store_url)
    if Scenario.objects.filter(shop_id=shop.id).exists():
        return  # whoever plays with it has changed them as she likes
    text = (files("ripresa.entrypoints.demo") / "scenario.yaml").read_text(encoding="utf-8")
    publish_scenario(shop_id=shop.id, text=text, file_name="scenario.yaml", now=now)
    for scenario in Scenario.objects.filter(shop_id=shop.id, state="draft"):
        activate(shop_id=shop.id, scenario_id=scenario.id, now=now)


def _make(memory: Memory, store_url: str, now: datetime) -> Shop:
    made = create_shop(slug=SLUG, name="Bottega del Vino", now=now, store_url=store_url, **_ABOUT)
    memory.secret_key, memory.public_key = made.secret_key, made.public_key
    memory.password = f"vino-{secrets.token_hex(4)}"
    create_user(email=LOGIN, password=memory.password, shop=made.shop, role="owner", now=now)
    return made.shop
