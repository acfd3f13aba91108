"""Medusa 2: a subscriber of ours calls, signed as Standard Webhooks asks."""

from datetime import timedelta

from ripresa.connectors.medusa.connector import CONNECTOR
from tests.contracts.shops.frame import Platform
from tests.unit.connectors import calls
from tests.unit.connectors.test_hearing import MEDUSA_CART

MEDUSA = Platform(
    CONNECTOR,
    secrets=calls.SETTINGS["medusa"],
    calls=[calls.medusa("cart.updated", MEDUSA_CART)],
    forge=lambda _: calls.medusa("cart.updated", MEDUSA_CART, secret=calls.WHSEC.replace("A", "B")),
    late=lambda _: calls.medusa("cart.updated", MEDUSA_CART, late=timedelta(minutes=6)),
)
