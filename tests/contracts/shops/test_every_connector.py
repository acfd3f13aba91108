"""What every connector promises, each against its own shop on loopback (contracts/shops/connector.py)."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.connector import Ability, NotLetIn, ShopAway, Sums
from ripresa.contracts.shops.errands import Buyers, RestoredItem
from ripresa.entrypoints.registry import CONNECTORS
from tests.contracts.shops.frame import HOOK, T0, events, ids, tampered
from tests.contracts.shops.platforms import PLATFORMS
from tests.scripted_http import DROP, HANG, Said

TOLD = frozenset({Ability.CARTS, Ability.CHECKOUTS, Ability.ORDERS, Ability.CUSTOMERS})
LONG_ENOUGH = timedelta(minutes=1)
FAULTS = [
    (Said(500, "oops"), ShopAway),
    (Said(200, "<html>"), ShopAway),
    (Said(401, "{}"), NotLetIn),
    (DROP, ShopAway),
    (b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n[{", ShopAway),
]


# Each promise with whom it concerns: docs/how-to/add-a-connector.md goes through them as well.
PROMISES: list[tuple] = []


def those(able):
    """The platforms that can do something."""
    mark = pytest.mark.parametrize(
        "platform", [one for one in PLATFORMS if able(one)], ids=lambda one: one.name
    )

    def keep(promise):
        PROMISES.append((able, promise))
        return mark(promise)

    return keep


every = those(lambda _: True)
hearing = those(lambda one: one.connector.hear)
asked = those(lambda one: one.shop and one.connector.ask)


def told(platform, settings):
    return [one for page in platform.connector.ask(settings, platform.since) for one in page]


def test_every_connector_there_is_keeps_these_promises():
    assert sorted(one.name for one in PLATFORMS) == sorted(CONNECTORS)


@every
def test_it_is_declared_in_full(platform):
    connector = platform.connector
    assert connector.abilities <= TOLD  # the others follow from what it does
    assert bool(connector.topics) == (connector.hear is not None)
    assert all(one.help.endswith(".") or one.help.endswith("…") for one in connector.settings)
    assert platform.calls or connector.hear is None


@hearing
def test_what_is_recorded_is_heard_and_means_the_same_however_often_it_comes(platform):
    hear, secrets = platform.connector.hear, platform.secrets
    heard = [hear(call, secrets) for call in platform.calls]
    first = [one.id for each in heard for one in events(each.outcomes)]
    assert first
    again = [ids(hear(call, secrets).outcomes) for call in reversed(platform.calls)]
    assert sorted(first) == sorted(one for each in again for one in each)
    for each in heard:
        assert all(one.occurred_at <= T0 + timedelta(days=1) for one in events(each.outcomes))


@hearing
def test_nothing_false_is_let_in(platform):
    hear, secrets = platform.connector.hear, platform.secrets
    for call in platform.calls:
        bare = replace(call, headers={})
        cut = replace(call, body=call.body[: len(call.body) // 2])
        wrong = [tampered(call), platform.forge(call), bare, cut]
        for each in [*wrong, *([platform.late(call)] if platform.late else [])]:
            with pytest.raises(HookRefused):
                hear(each, secrets)


@asked
@pytest.mark.parametrize(("fault", "trouble"), FAULTS)
def test_a_fault_loses_nothing(platform, fault, trouble):
    with platform.shop() as shop:
        whole = told(platform, shop.settings)
        assert events(whole)
        shop.faults.append(fault)
        with pytest.raises(trouble):
            told(platform, shop.settings)
        assert not shop.faults
        assert ids(told(platform, shop.settings)) == ids(whole)


@asked
def test_asked_too_often_it_waits_or_comes_back(platform):
    with platform.shop() as shop:
        whole = told(platform, shop.settings)
        shop.faults += [Said(429, "{}", {"retry-after": "0"})] * 2
        assert ids(told(platform, shop.settings)) == ids(whole)
        shop.faults.append(Said(429, "{}", {"retry-after": "3600"}))
        with pytest.raises(ShopAway, match="too often"):
            told(platform, shop.settings)


@asked
def test_history_holds_what_asking_tells_and_says_how_far_it_is(platform):
    with platform.shop() as shop:
        # Customers that bought nothing are no history.
        whole = {
            one.id
            for one in events(told(platform, shop.settings))
            if one.type.startswith(("cart.", "order."))
        }
        if platform.connector.back_fill is None:
            return
        pages = list(platform.connector.back_fill(shop.settings, platform.since))
        assert whole <= {one for page in pages for one in ids(page.outcomes)}
        untils = [page.until for page in pages if page.until is not None]
        assert untils == sorted(untils)


@those(lambda one: one.shop and one.connector.find_orders)
def test_an_order_is_found_by_each_key_of_its_buyer(platform):
    with platform.shop() as shop:
        known = set(ids(told(platform, shop.settings))) if platform.connector.ask else set()
        assert platform.buyers
        for buyers in platform.buyers:
            found = platform.connector.find_orders(
                shop.settings, buyers, platform.since, LONG_ENOUGH
            )
            assert "order.placed" in {one.type for one in events(found)}
            # What was told before is not told anew under another name.
            assert not known or set(ids(found)) & known
        nobody = Buyers(emails=frozenset({"nobody@example.test"}))
        platform.connector.find_orders(shop.settings, nobody, platform.since, LONG_ENOUGH)


@those(lambda one: one.shop and (one.connector.find_orders or one.connector.look))
def test_a_shop_that_hangs_holds_nobody_up(platform):
    connector, short = platform.connector, timedelta(seconds=0.4)
    with platform.shop() as shop:
        shop.faults += [HANG] * 2
        begun = time.monotonic()
        if connector.find_orders:
            with pytest.raises(ShopAway):
                connector.find_orders(shop.settings, platform.buyers[0], platform.since, short)
        if connector.look:
            items = [item for item, _ in platform.items]
            with pytest.raises(ShopAway):
                connector.look(shop.settings, items, platform.currency, short)
        assert time.monotonic() - begun < 5


@those(lambda one: one.shop and one.connector.renew)
def test_credentials_that_end_are_renewed(platform):
    connector = platform.connector
    with platform.shop() as shop:
        kept = connector.renew(shop.settings, T0) or {}
        settings = {**shop.settings, **kept}
        assert events(told(platform, settings)) if connector.ask else True
        assert connector.renew(settings, T0) is None
        platform.expire(shop)
        later = T0 + timedelta(days=2)
        settings |= connector.renew(settings, later) or {}
        assert events(told(platform, settings)) if connector.ask else True
        for fault, trouble in FAULTS[:2]:
            shop.faults.append(fault)
            with pytest.raises(trouble):
                connector.renew(settings, later + timedelta(days=2))


@those(lambda one: one.shop and one.connector.register)
def test_webhooks_are_registered_once_and_mended(platform):
    register = platform.connector.register
    with platform.shop() as shop:
        settings = {
            **shop.settings,
            **(((renew := platform.connector.renew) and renew(shop.settings, T0)) or {}),
        }
        first = register(settings, HOOK)
        assert set(first.made) == set(platform.connector.topics)
        assert not first.kept
        second = register(settings, HOOK)
        assert (set(second.kept), second.made) == (set(first.made), ())
        platform.switch_off(shop)
        third = register(settings, HOOK)
        assert len(third.made) == 1
        shop.faults.append(Said(503, ""))
        with pytest.raises(ShopAway):
            register(settings, HOOK)


@those(lambda one: one.shop and one.connector.look)
def test_the_catalogue_is_read_in_order(platform):
    with platform.shop() as shop:
        items = [item for item, _ in platform.items]
        found = platform.connector.look(shop.settings, items, platform.currency, LONG_ENOUGH)
        assert found == [state for _, state in platform.items]
        assert platform.connector.look(shop.settings, [], platform.currency, LONG_ENOUGH) == []


@those(lambda one: one.shop and one.connector.mint)
def test_codes_are_minted_once_even_when_no_answer_came(platform):
    connector, wanted = platform.connector, platform.wanted
    with platform.shop() as shop:
        assert sorted(connector.mint(shop.settings, wanted)) == sorted(wanted.codes)
        assert sorted(connector.mint(shop.settings, wanted)) == sorted(wanted.codes)
        shop.faults.append(DROP)
        with suppress(ShopAway):
            connector.mint(shop.settings, replace(wanted, codes=("LATER12345",)))
        shop.faults.clear()
        assert connector.mint(shop.settings, replace(wanted, codes=("LATER12345",)))
        if connector.look_at_codes:
            codes = [*wanted.codes, "NEVER99999"]
            told = connector.look_at_codes(shop.settings, codes, LONG_ENOUGH)
            assert told == {**dict.fromkeys(wanted.codes, True), "NEVER99999": False}


@those(lambda one: one.shop and one.connector.sums)
def test_a_sum_off_is_minted_in_the_currencies_that_are_declared(platform):
    connector = platform.connector
    sum_off = replace(
        platform.wanted,
        value=Decimal("15.50"),
        is_percent=False,
        minimum=None,
        codes=("SUMAAAA222",),
    )
    abroad = replace(sum_off, currency="RON", codes=("SUMBBBB222",))
    assert sum_off.currency == "EUR"
    with platform.shop() as shop:
        assert connector.mint(shop.settings, sum_off) == ["SUMAAAA222"]
        if connector.sums is Sums.ANY:
            assert connector.mint(shop.settings, abroad) == ["SUMBBBB222"]
            return
        with pytest.raises(NotLetIn, match="EUR"):
            connector.mint(shop.settings, abroad)
        told = connector.look_at_codes(shop.settings, ["SUMAAAA222", "SUMBBBB222"], LONG_ENOUGH)
        assert told == {"SUMAAAA222": True, "SUMBBBB222": False}


@those(lambda one: one.cart and one.connector.restore_link)
def test_a_cart_comes_back_at_the_shop_and_nowhere_else(platform):
    settings = platform.connector.complete(dict(platform.secrets or {}))
    link = platform.connector.restore_link(settings, platform.cart)
    host = urlsplit(link or "").netloc
    assert host
    for bad in ("?x=1", "@evil.test/", "/../../admin", "1:1,2", "\r\nx: y", "…"):
        items = (RestoredItem(bad, bad, bad, bad, 1),)
        other = platform.connector.restore_link(
            settings, replace(platform.cart, items=items, code=bad, token=bad)
        )
        assert other is None or (urlsplit(other).netloc == host and "\n" not in other)
