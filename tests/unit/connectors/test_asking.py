"""Shops that are asked: every page, patience where one is asked too often, and plain words else."""

from datetime import UTC, datetime

import pytest

from ripresa.connectors.billbee.connector import CONNECTOR as BILLBEE
from ripresa.connectors.woocommerce.connector import CONNECTOR as WOOCOMMERCE
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from tests.scripted_http import DROP, Heard, Said, ScriptedApi

SINCE = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def woo_order(number: int) -> dict:
    return {
        "id": number, "status": "completed", "currency": "EUR", "total": "10.00",
        "date_created_gmt": "2026-11-02T14:10:00", "billing": {"email": f"p{number}@example.test"},
    }  # fmt: skip


def billbee_order(number: int) -> dict:
    return {
        "BillBeeOrderId": number, "Id": f"shop-{number}", "State": 3, "Currency": "EUR",
        "TotalCost": 170.76, "CreatedAt": "2026-11-02T14:10:00+01:00",
    }  # fmt: skip


def paged(make, size, count):
    """An API with `count` orders, `size` a page, told as each platform does."""

    def answer(heard: Heard) -> Said:
        page = int(heard.query["page"])
        orders = [make(n) for n in range(size * (page - 1), min(size * page, count))]
        if make is woo_order:
            return Said(200, orders)
        pages = -(-count // size)
        return Said(200, {"Data": orders, "Paging": {"Page": page, "TotalPages": pages}})

    return answer


def settings(connector, api):
    if connector is WOOCOMMERCE:
        given = {"url": api.url + "/", "consumer_key": "ck", "consumer_secret": "cs"}
        return connector.complete({**given, "webhook_secret": ""})
    return {"url": api.url, "user": "u", "password": "p", "api_key": "k", "shops": "7, 8"}


both = pytest.mark.parametrize(
    ("connector", "make", "size"), [(WOOCOMMERCE, woo_order, 100), (BILLBEE, billbee_order, 250)],
    ids=["woocommerce", "billbee"],
)  # fmt: skip


@both
def test_every_page_is_read(connector, make, size):
    with ScriptedApi(paged(make, size, 2 * size + 3)) as api:
        pages = list(connector.ask(settings(connector, api), SINCE))
        events = [outcome for page in pages for outcome in page]
        assert len({event.order.id for event in events}) == 2 * size + 3
        first = api.heard[0]
    if connector is WOOCOMMERCE:
        assert "authorization" not in first.headers  # signed by OAuth, as it goes without TLS
        assert first.query["oauth_consumer_key"] == "ck"
        assert first.query["modified_after"] == "2026-11-01T09:30:00"
        assert first.query["dates_are_gmt"] == "true"
    else:
        assert first.headers["authorization"].startswith("Basic ")
        assert first.query["modifiedAtMin"] == "2026-11-01T09:30:00+00:00"
        assert "shopId=7&shopId=8" in first.target
        assert first.headers["x-billbee-api-key"] == "k"
        assert events[0].order.total == "170.76"


@both
def test_asked_too_often_one_waits(connector, make, size):
    busy = iter([Said(429, "", {"retry-after": "0"}), Said(429, "", {"retry-after": "soon"})])
    good = paged(make, size, 1)
    with ScriptedApi(lambda heard: next(busy, None) or good(heard)) as api:
        assert len(list(connector.ask(settings(connector, api), SINCE))) == 1
        assert len(api.heard) == 3


@both
@pytest.mark.parametrize("seconds", ["20", "inf", "nan"])
def test_a_long_wait_is_left_to_a_later_round(connector, make, size, seconds):
    """A worker that sleeps for one shop keeps the mails of all the others waiting."""
    with ScriptedApi(lambda _: Said(429, "", {"retry-after": seconds})) as api:
        with pytest.raises(ShopAway, match="asked too often"):
            list(connector.ask(settings(connector, api), SINCE))
        assert len(api.heard) == 1


@both
@pytest.mark.parametrize(
    ("said", "trouble", "words"),
    [
        (Said(401, "{}"), NotLetIn, "says 401"),
        (Said(403, "{}"), NotLetIn, "check the keys"),
        (Said(500, "oops"), ShopAway, "says 500"),
        (Said(200, "<html>"), ShopAway, "not JSON"),
        (Said(200, '"ok"'), ShopAway, "answers with"),
        (Said(302, "", {"location": "https://elsewhere.test"}), ShopAway, "says 302"),
        (DROP, ShopAway, "no whole answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{", ShopAway, "no whole answer"),
    ],
)
def test_what_is_wrong_is_said(connector, make, size, said, trouble, words):
    with ScriptedApi(lambda _: said) as api, pytest.raises(trouble, match=words):
        list(connector.ask(settings(connector, api), SINCE))


@both
def test_a_shop_that_is_gone(connector, make, size):
    with ScriptedApi(lambda _: DROP) as api:
        known = settings(connector, api)
    with pytest.raises(ShopAway, match="can't be reached"):
        list(connector.ask(known, SINCE))
