"""What is peculiar to Billbee: a list that moves while it is read, errors in good answers, busy accounts."""

from datetime import UTC, datetime, timedelta

import pytest

from ripresa.connectors.billbee.connector import CONNECTOR
from ripresa.contracts.shops.connector import ShopAway
from ripresa.contracts.shops.errands import Buyers
from tests.scripted_http import Heard, Said, ScriptedApi

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = 250


def an_order(number: int) -> dict:
    return {
        "BillBeeOrderId": number, "Id": f"shop-{number}", "State": 3, "Currency": "EUR",
        "TotalCost": 170.76, "CreatedAt": "2026-11-02T14:10:00+01:00",
    }  # fmt: skip


def told(orders: list, heard: Heard) -> Said:
    page = int(heard.query["page"])
    paging = {"Page": page, "TotalPages": -(-len(orders) // PAGE), "TotalRows": len(orders)}
    return Said(
        200, {"ErrorCode": 0, "Data": orders[PAGE * (page - 1) : PAGE * page], "Paging": paging}
    )


def settings(api: ScriptedApi, **more: str) -> dict:
    given = {"user": "u", "password": "p", "api_key": "k", "url": api.url, **more}
    return CONNECTOR.complete(given)


def ids(pages) -> set:
    return {outcome.order.id for page in pages for outcome in page}


def test_an_order_that_changes_meanwhile_hides_no_other():
    orders = [an_order(number) for number in range(PAGE + 10)]

    def answer(heard):
        said = told(orders, heard)
        if not moved:  # the first one changes, goes to the end, and all others move up
            moved.append(orders.pop(0))
            orders.append(moved[0])
        return said

    moved: list = []
    with ScriptedApi(answer) as api:
        assert ids(CONNECTOR.ask(settings(api), SINCE)) == {f"shop-{n}" for n in range(PAGE + 10)}


def test_a_list_that_never_stands_still_is_left_to_a_later_round():
    def answer(heard):
        paging = {"Page": 1, "TotalPages": 1, "TotalRows": 5}
        return Said(200, {"Data": [an_order(1)], "Paging": paging})

    with ScriptedApi(answer) as api, pytest.raises(ShopAway, match="faster than"):
        list(CONNECTOR.ask(settings(api), SINCE))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"ErrorCode": 2, "ErrorMessage": "The account is locked."}, "account is locked"),
        ({"ErrorCode": 9}, "error 9"),
        ({"Data": [], "Paging": None}, "Data and Paging"),
        ({"Data": [], "Paging": {"TotalPages": "many"}}, "Data and Paging"),
        ({"Data": ["order"], "Paging": {"TotalPages": 1}}, "list of orders"),
        ([], "Data and Paging"),
    ],
)
def test_what_is_wrong_in_a_good_answer_is_told(body, words):
    with ScriptedApi(lambda _: Said(200, body)) as api, pytest.raises(ShopAway, match=words):
        list(CONNECTOR.ask(settings(api), SINCE))


def test_an_empty_account_tells_nothing():
    with ScriptedApi(lambda heard: told([], heard)) as api:
        assert list(CONNECTOR.ask(settings(api), SINCE)) == [[]]


def test_before_a_message_the_latest_day_of_a_busy_account_is_read():
    orders = [an_order(number) for number in range(PAGE * 7)]

    def answer(heard):
        is_lately = heard.query["modifiedAtMin"] > SINCE.isoformat()
        return told(orders[:5] if is_lately else orders, heard)

    with ScriptedApi(answer) as api:
        found = CONNECTOR.find_orders(settings(api), Buyers(), SINCE, timedelta(seconds=10))
        assert len(ids([found])) == 5
        assert len(api.heard) == 2


def test_an_account_whose_shops_are_not_named_is_told_of():
    with ScriptedApi(lambda heard: told([], heard)) as api:
        assert len(CONNECTOR.watch(settings(api))) == 1
        assert CONNECTOR.watch(settings(api, shops="7")) == ()
