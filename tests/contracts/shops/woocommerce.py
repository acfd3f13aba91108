"""WooCommerce: webhooks signed over the body, REST pages of a hundred."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from ripresa.connectors.woocommerce.connector import CONNECTOR
from tests.contracts.shops.frame import Platform
from tests.scripted_http import Heard, Said, ScriptedApi
from tests.unit.connectors import calls
from tests.unit.connectors.test_hearing import WOO_ORDER

_PAGE = 100


@contextmanager
def shop() -> Iterator[SimpleNamespace]:
    faults: list = []
    orders = [
        WOO_ORDER | {"id": number, "billing": {"email": f"p{number}@example.test"}}
        for number in range(_PAGE + 3)
    ]

    def answer(heard: Heard) -> object:
        if faults:
            return faults.pop(0)
        page = int(heard.query["page"])
        return Said(200, orders[_PAGE * (page - 1) : _PAGE * page])

    with ScriptedApi(answer) as api:
        secrets = calls.SETTINGS["woocommerce"]
        yield SimpleNamespace(settings=secrets | {"url": api.url}, faults=faults)


WOOCOMMERCE = Platform(
    CONNECTOR,
    shop=shop,
    secrets=calls.SETTINGS["woocommerce"],
    calls=[calls.woocommerce("order.created", WOO_ORDER)],
    forge=lambda _: calls.woocommerce("order.created", WOO_ORDER, secret="other"),
)
