"""RPT-1: the list of carts, its filters in the address, its figures, its pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from ripresa.domain.carts.models import Cart, Order
from tests.db.console.pages import markup
from tests.rows import DAY, HOUR, T0, make_cart, make_contact, make_order, wine
from tests.world import fill

LIST = reverse("carts", args=["wines"])
HTMX = {"HX-Request": "true", "HX-Target": "results"}


def names(answer) -> list[str]:
    """The buyers of the rows, in order."""
    return re.findall(r'class="whole"[^>]*>([^<]+)</a>', answer.content.decode())


def figure(answer, title: str) -> str:
    found = re.search(rf'<dt>{title}</dt><dd class="value">([^<]*)</dd>', markup(answer))
    assert found, f"no figure {title}"
    return found[1].replace("\xa0", " ").strip()


def test_an_item_without_a_title_is_told_by_the_shops_own_id(world, ada):
    make_cart(world.shop, world.ben, left_at=T0, items=[{**wine(), "title": "", "product": "A-77"}])
    assert "1 × A-77" in ada.get(LIST).content.decode()


def test_shows_date_buyer_items_value_kind_messages_state_and_cause(world, ada):
    page = re.sub(r"\s+", " ", ada.get(LIST).content.decode())
    row = next(
        each for each in page.split('<tr role="row">') if str(world.ben_recovered.id) in each
    )
    for text in ("Ben Rossi", "2 × Barolo, 1 × Chianti", "€79.70", "Checkout", "12 Nov, 16:00",
                 '<span class="state state-green">Recovered</span>', "By itself"):  # fmt: skip
        assert text in row
    assert re.search(r"</span>1</td>", row)  # one message went out, two were cancelled
    assert '<span class="state state-grey">Abandoned</span>' in page


def test_the_one_left_latest_comes_first(world, ada):
    assert names(ada.get(LIST)) == ["Ben Rossi", "Ben Rossi", "Cleo", "Ben Rossi"]


def test_crawlers_and_test_carts_never_show_nor_count(world, ada):
    make_cart(world.shop, world.ben, left_at=T0 - HOUR, is_bot=True)
    make_cart(world.shop, world.ben, left_at=T0 - HOUR, is_test=True)
    answer = ada.get(LIST)
    assert len(names(answer)) == 4
    assert figure(answer, "Left behind") == "4"


def test_a_cart_of_nobody_shows_as_unknown_visitor(world, ada):
    make_cart(world.shop, None, left_at=T0 - HOUR, state="open")
    assert names(ada.get(LIST, {"state": "open"})) == ["Unknown visitor"]


class TestFigures:
    def test_count_the_filtered_rows(self, world, ada):
        answer = ada.get(LIST)
        assert figure(answer, "Left behind") == "4"
        assert figure(answer, "Recovered carts") == "1"
        assert figure(answer, "Recovered revenue") == "€90.00"  # 98.20 less 8.20 refunded
        assert figure(answer, "Share recovered") == "25%"
        assert figure(answer, "Share of abandoned value").endswith("%")
        narrowed = ada.get(LIST, {"buyer": "cleo"})
        assert figure(narrowed, "Left behind") == "1"
        assert figure(narrowed, "Recovered revenue") == "–"
        assert figure(narrowed, "Share recovered") == "0%"

    def test_say_what_they_mean(self, world, ada):
        content = ada.get(LIST).content.decode()
        assert len(re.findall(r'<dd class="means">[^<]{20,}', content)) == 5

    def test_no_sum_crosses_currencies(self, world, ada):
        order = make_order(world.shop, world.cleo, placed_at=T0, total_minor=5000, currency="JPY")
        make_cart(world.shop, world.cleo, left_at=T0 - DAY, state="recovered", order=order,
                  currency="JPY", total_minor=5000)  # fmt: skip
        answer = ada.get(LIST)
        assert figure(answer, "Recovered revenue") == "€90.00 · ¥5,000" or (
            figure(answer, "Recovered revenue") == "¥5,000 · €90.00"
        )

    @pytest.mark.parametrize(
        "change",
        [
            {"origin": "staff"}, {"origin": "draft"}, {"origin": "renewal"}, {"is_test": True},
            {"cancelled_at": T0}, {"refunded_minor": 9820},
        ],
        ids=str,
    )  # fmt: skip
    def test_orders_that_do_not_count_bring_nothing(self, change, world, ada):
        Order.objects.filter(id=world.ben_order.id).update(**change)
        assert figure(ada.get(LIST), "Recovered revenue") == "–"

    def test_one_order_counts_once_though_it_closed_several_carts(self, world, ada):
        Cart.objects.filter(id=world.ben_cart.id).update(
            state="recovered", order_id=world.ben_order.id
        )
        answer = ada.get(LIST)
        assert figure(answer, "Recovered carts") == "2"
        assert figure(answer, "Recovered revenue") == "€90.00"

    def test_are_of_all_pages_not_of_this_one(self, world, ada):
        fill(world.shop, world.scenario, 70, T0)
        first = ada.get(LIST)
        assert len(names(first)) == 50
        assert int(figure(first, "Left behind")) > 50

    def test_of_an_empty_list_divide_by_nothing(self, world, dan):

        answer = dan.get(reverse("carts", args=["bikes"]), {"buyer": "nobody at all"})
        assert figure(answer, "Share recovered") == "–"
        assert b"No cart fits these filters." in answer.content


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"state": "abandoned"}, 2),
            ({"state": "recovered"}, 1),
            ({"state": "closed"}, 1),
            ({"state": "open"}, 0),
            ({"kind": "checkout"}, 1),
            ({"kind": "cart"}, 3),
            ({"buyer": "ben"}, 3),
            ({"buyer": "ROSSI ben"}, 3),
            ({"buyer": "mail.test"}, 4),
            ({"buyer": "333123"}, 3),
            ({"buyer": "c_77"}, 3),
            ({"buyer": "rossi cleo"}, 0),
            ({"value": "75"}, 2),
            ({"value": "75,01"}, 1),
            ({"value": "79.70"}, 1),
            ({"value": "79.71"}, 0),
            ({"from": "2026-11-17"}, 2),
            ({"until": "2026-11-12"}, 1),
            ({"from": "2026-11-12", "until": "2026-11-12"}, 1),
            ({"state": "abandoned", "kind": "cart", "buyer": "ben", "value": "40"}, 1),
        ],
        ids=str,
    )
    def test_let_through(self, query, count, world, ada):
        assert len(names(ada.get(LIST, query))) == count

    def test_days_are_days_of_the_shop(self, world, ada):
        # 23:30 UTC on the 1st is 00:30 on the 2nd in Rome.
        late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
        make_cart(world.shop, world.cleo, left_at=late)
        assert len(names(ada.get(LIST, {"from": "2026-11-02", "until": "2026-11-02"}))) == 1
        assert names(ada.get(LIST, {"from": "2026-11-01", "until": "2026-11-01"})) == []

    def test_a_value_is_of_the_shops_currency(self, world, ada):
        make_cart(world.shop, world.cleo, left_at=T0 - DAY, currency="JPY", total_minor=1_000_000)
        assert len(names(ada.get(LIST, {"value": "75"}))) == 2

    def test_stand_as_chips_that_take_one_away(self, world, ada):
        content = markup(ada.get(LIST, {"state": "abandoned", "buyer": "ben", "value": "40"}))
        chips = dict(re.findall(r'class="chip" href="([^"]+)">([^<]+)', content))
        assert chips == {
            f"{LIST}?state=abandoned&amp;value=40": "Buyer: ben",
            f"{LIST}?buyer=ben&amp;value=40": "Abandoned",
            f"{LIST}?buyer=ben&amp;state=abandoned": "From €40.00",
        }

    @pytest.mark.parametrize(
        "query",
        [
            {"state": "lost"}, {"kind": "basket"}, {"from": "yesterday"}, {"until": "2026-02-30"},
            {"until": "9999-12-31"}, {"value": "much"}, {"value": "1e400"}, {"value": "NaN"},
        ],
        ids=str,
    )  # fmt: skip
    def test_that_make_no_sense_are_named_and_left_out(self, query, world, ada):
        answer = ada.get(LIST, query)
        assert answer.status_code == 200
        assert b'class="problem"' in answer.content
        assert len(names(answer)) == 4

    @pytest.mark.parametrize("text", ["%", "b_n", "\\", "'", '"><script>', "zq\x00zq", "x" * 5000])
    def test_hostile_search_words_harm_nothing(self, text, world, ada):
        answer = ada.get(LIST, {"buyer": text})
        assert answer.status_code == 200
        assert names(answer) == []
        assert b"<script>" not in answer.content.replace(b"<script src", b"").replace(
            b"<script defer", b""
        )


class TestPages:
    def walk(self, client, query) -> list[str]:
        """The addresses of all carts, by following `older` to the end."""
        seen: list[str] = []
        target = f"{LIST}?{query}"
        for _ in range(20):
            content = markup(client.get(target))
            seen += re.findall(r'class="whole" href="([^"]+)"', content)
            link = re.search(r'id="older" href="([^"]+)"', content)
            if link is None:
                return seen
            target = link[1].replace("&amp;", "&")
        raise AssertionError("the list never ends")

    def test_show_each_cart_once(self, world, ada):
        fill(world.shop, world.scenario, 130, T0)
        # Ties on the instant must neither hide nor repeat a row at the border of a page.
        Cart.objects.filter(shop=world.shop).update(left_at=T0 - DAY)
        seen = self.walk(ada, "")
        shown = Cart.objects.filter(shop=world.shop).exclude(state="open").count()
        assert len(seen) == len(set(seen)) == shown

    def test_keep_the_filters(self, world, ada):
        fill(world.shop, world.scenario, 130, T0)
        seen = self.walk(ada, "kind=cart")
        assert (
            len(seen)
            == Cart.objects.filter(
                shop=world.shop,
                kind="cart",
                state__in=["abandoned", "recovered", "closed", "expired"],
            ).count()
        )

    @pytest.mark.parametrize("older", ["x", "1-2", "zz-" + "0" * 32, "f" * 30 + "-" + "0" * 32])
    def test_an_invented_page_is_not_there(self, older, world, ada):
        assert ada.get(LIST, {"older": older}).status_code == 404


class TestPartialPages:
    def test_htmx_gets_the_results_alone_and_a_clean_address(self, world, ada):
        answer = ada.get(LIST, {"buyer": "cleo", "state": "", "kind": ""}, headers=HTMX)
        assert b"<html" not in answer.content
        assert answer.content.lstrip().startswith(b'<div id="results"')
        assert answer.headers["HX-Push-Url"] == f"{LIST}?buyer=cleo"
        assert "HX-Request" in answer.headers["Vary"]

    def test_htmx_gets_more_rows_and_the_next_button(self, world, ada):
        fill(world.shop, world.scenario, 70, T0)
        older = re.search(r"older=([^\"&]+)\"", ada.get(LIST).content.decode())
        answer = ada.get(LIST, {"older": older[1]}, headers=HTMX)
        assert b"<html" not in answer.content
        assert b'hx-swap-oob="beforeend:#results tbody"' in answer.content
        assert b"figures" not in answer.content

    def test_going_back_gets_the_whole_page(self, world, ada):
        answer = ada.get(LIST, headers={**HTMX, "HX-History-Restore-Request": "true"})
        assert b"<html" in answer.content


def test_costs_the_same_queries_however_long(world, ada, django_assert_num_queries):
    ada.get(LIST)
    with django_assert_num_queries(9):
        ada.get(LIST)
    fill(world.shop, world.scenario, 60, T0)
    with django_assert_num_queries(9):
        ada.get(LIST, {"buyer": "mail", "value": "1"})


def test_what_shoppers_typed_is_shown_and_never_run(world, ada):
    evil = "<script>alert(1)</script>\"'{{ 7 }}"
    contact = make_contact(world.shop, "e@mail.test", first_name=evil)
    make_cart(world.shop, contact, left_at=T0 - timedelta(minutes=5), items=[wine(evil)])
    content = ada.get(LIST).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content
