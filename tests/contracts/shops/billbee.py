"""Billbee: it calls nobody and is asked, a page at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from ripresa.connectors.billbee.connector import CONNECTOR
from ripresa.contracts.shops.errands import Buyers
from tests.contracts.shops.frame import Platform
from tests.scripted_http import Heard, Said, ScriptedApi

_PAGE = 250


def _order(number: int) -> dict:
    return {
        "BillBeeOrderId": number, "Id": f"shop-{number}", "State": 3, "Currency": "EUR",
        "TotalCost": 170.76, "CreatedAt": "2026-11-02T14:10:00+01:00",
        "InvoiceAddress": {"Email": f"p{number}@example.test"},
    }  # fmt: skip


@contextmanager
def shop() -> Iterator[SimpleNamespace]:
    faults: list = []
    orders = [_order(number) for number in range(_PAGE + 3)]

    def answer(heard: Heard) -> object:
        if faults:
            return faults.pop(0)
        page = int(heard.query["page"])
        data = orders[_PAGE * (page - 1) : _PAGE * page]
        pages = -(-len(orders) // _PAGE)
        paging = {"Page": page, "TotalPages": pages, "TotalRows": len(orders), "PageSize": _PAGE}
        return Said(200, {"ErrorCode": 0, "Data": data, "Paging": paging})

    with ScriptedApi(answer) as api:
        given = {"user": "u", "password": "p", "api_key": "k", "url": api.url}
        yield SimpleNamespace(settings=CONNECTOR.complete(given), faults=faults)


BILLBEE = Platform(CONNECTOR, shop=shop, buyers=[Buyers(emails=frozenset({"p7@example.test"}))])
