"""What is asked of platforms beside the rounds: webhooks, what was missed, and what was before."""

import json
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from cryptography.fernet import Fernet

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import decode_event
from ripresa.contracts.shops.asking import asking
from ripresa.contracts.shops.connector import Connector, NotLetIn, ShopAway
from ripresa.contracts.shops.errands import HistoryPage, Registered
from ripresa.contracts.shops.reminders import AlsoReminds
from ripresa.core.clock import WALL
from ripresa.core.config import load
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.connections import gaps, history, operations
from ripresa.domain.connections.history import AlreadyTelling
from ripresa.domain.connections.models import Connection
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.messages.owner_notices import words_of
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.connected.asking import ShopAsker
from ripresa.usecases.connected.back_fill import BackFiller, NoHistory, begin_back_fill
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connected.registering import LOOK_EVERY, Registrar
from ripresa.usecases.connections import Connections
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.scripted_http import Said, ScriptedApi

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PLAIN = Connector(name="ours", label="Ours", settings=(), abilities=frozenset())


def connected(world, **does):
    box = SecretBox([Fernet.generate_key().decode()])
    connections = Connections({"ours": replace(PLAIN, **does)}, box)
    made = connections.connect(shop_id=world.shop_id, platform="ours", name="x", given={}, now=T0)
    return made, Opener(connections)


def again(connection):
    return Connection.objects.get(id=connection.id)


def left(number: int, at):
    """A cart that was left at an instant."""
    event = {
        "id": f"cart{number}", "type": "cart.updated", "occurred_at": at.isoformat(),
        "contact": {"email": f"p{number}@example.test"},
        "cart": {
            "token": f"t{number}", "currency": "EUR",
            "items": [{"product_id": "p", "quantity": 1, "unit_price": "29.90"}],
        },
    }  # fmt: skip
    return decode_event(json.dumps(event).encode())


def test_webhooks_are_looked_after_at_once_and_every_hour_and_it_is_told_how_they_stand():
    world = make_world()
    answers = iter(
        [
            Registered(made=("orders",), problems=("carts can't be had.",)),
            NotLetIn("it says 401"),
            Registered(kept=("orders",)),
        ]
    )
    addresses = []

    def register(_settings, address):
        addresses.append(address)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    made, opener = connected(
        world, hear=lambda *_: None, register=register, watch=lambda _: ("It reminds by itself.",)
    )
    registrar = Registrar(opener, load())
    assert registrar.look_after_due(shop_id=world.shop_id, now=T0) == 1
    assert again(made).standing == {
        "trouble": "", "remedy": "", "said": {}, "made": ["orders"], "kept": [], "problems": ["carts can't be had."],
        "warnings": ["It reminds by itself."], "reminders": [], "at": T0.isoformat(),
    }  # fmt: skip
    assert "/hooks/ours/" in addresses[0]
    assert registrar.look_after_due(shop_id=world.shop_id, now=T0 + HOUR / 2) == 0
    # A trouble is told beside what was known, and tried again sooner.
    later = T0 + LOOK_EVERY
    assert registrar.look_after_due(shop_id=world.shop_id, now=later) == 1
    standing = again(made).standing
    assert (standing["trouble"], standing["made"]) == ("it says 401", ["orders"])
    assert standing["remedy"] == "renew"
    assert registrar.look_after_due(shop_id=world.shop_id, now=later + HOUR / 4) == 1
    assert (again(made).standing["trouble"], again(made).standing["kept"]) == ("", ["orders"])
    operations.close(shop_id=world.shop_id, connection_id=made.id, reason="", now=later)
    assert registrar.look_after_due(shop_id=world.shop_id, now=later + DAY) == 0


def test_the_owner_hears_once_of_each_who_reminds_as_well_and_again_only_when_that_changed():
    world = make_world()
    looks = [
        ["Shopify"], ["Shopify"], ShopAway("it is down"), ["Shopify"], ["AutomateWoo", "Shopify"],
        ["AutomateWoo"], ["AutomateWoo", "Shopify"],
    ]  # fmt: skip
    answers = iter(looks)

    def watch(_settings):
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return tuple(AlsoReminds.told(say("{name} does, too", name=one), by=one) for one in found)

    made, opener = connected(world, watch=watch)
    told = []
    for hours in range(len(looks)):
        Registrar(opener, load()).look_after(again(made), T0 + hours * HOUR)
        notices = OwnerNotice.objects.filter(shop_id=world.shop_id, kind="own_reminders")
        told.append([one.cause for one in notices.order_by("created_at")])
    # The first finding, nothing while it lasts or the shop is away, whoever comes anew, who came back.
    assert told == [
        ["Shopify"], ["Shopify"], ["Shopify"], ["Shopify"], ["Shopify", "AutomateWoo"],
        ["Shopify", "AutomateWoo"], ["Shopify", "AutomateWoo", "Shopify"],
    ]  # fmt: skip
    words = words_of("own_reminders", "x", "Shopify", "it")
    assert words.subject == "Anche Shopify ricorda i carrelli ai clienti"


def test_asking_ends_between_two_pages_when_it_is_asked_to_and_loses_nothing():
    world = make_world()
    pages = [[left(1, T0 + HOUR)], [left(2, T0 + HOUR)]]
    made, opener = connected(world, ask=lambda *_: iter(pages))
    now = T0 + 2 * HOUR
    assert ShopAsker(opener, lambda: True).ask_due(shop_id=world.shop_id, now=now) == 1
    assert InboxEvent.objects.filter(shop_id=world.shop_id).count() == 1
    assert again(made).asked_until == T0
    assert ShopAsker(opener).ask_due(shop_id=world.shop_id, now=now) == 1
    assert InboxEvent.objects.filter(shop_id=world.shop_id).count() == 2
    assert (again(made).asked_until, again(made).missed) == (now, 2)


def test_each_gap_is_kept_with_what_filled_it_in_and_nothing_else_is_called_one():
    world = make_world()
    early, late = T0 + HOUR, T0 + HOUR + timedelta(minutes=20)
    pages = [[left(1, early), left(2, late)], [left(3, late)], [left(4, T0 + 2 * HOUR)]]
    made, opener = connected(world, hear=lambda *_: None, ask=lambda *_: iter(pages))
    now = T0 + 2 * HOUR
    ShopAsker(opener).ask_due(shop_id=world.shop_id, now=now)
    [gap] = gaps.list_gaps(made, limit=5)
    # What happened this minute may still be called about.
    assert (gap.found_at, gap.way, gap.since, gap.events) == (now, "asked", T0, 3)
    assert gap.by_type == {"cart.updated": 3}
    assert (gap.earliest_at, gap.latest_at) == (early, late)
    # The same again is known: no gap. One that is new is another one.
    ShopAsker(opener).ask_due(shop_id=world.shop_id, now=now + HOUR)
    pages[2] = [left(5, late)]
    ShopAsker(opener).ask_due(shop_id=world.shop_id, now=now + 2 * HOUR)
    assert [one.events for one in gaps.list_gaps(made, limit=5)] == [1, 3]
    newest = gaps.list_gaps(made, limit=1)[0]
    assert gaps.list_gaps(made, limit=5, before=(newest.found_at, newest.id)) == [gap]
    # They are kept for a good year.
    pages[2] = [left(6, late)]
    ShopAsker(opener).ask_due(shop_id=world.shop_id, now=now + gaps.KEPT_FOR + HOUR)
    assert [one.events for one in gaps.list_gaps(made, limit=5)] == [1, 1]


def test_a_platform_that_never_calls_leaves_no_gaps():
    world = make_world()
    made, opener = connected(world, ask=lambda *_: iter([[left(1, T0 + HOUR)]]))
    ShopAsker(opener).ask_due(shop_id=world.shop_id, now=T0 + 2 * HOUR)
    assert again(made).missed == 1
    assert gaps.list_gaps(made, limit=5) == []


class Past:
    """A platform with a past: one page, perhaps a trouble, and the rest."""

    def __init__(self, first, rest, troubles) -> None:
        self.first, self.rest, self.troubles = first, rest, iter(troubles)
        self.sinces: list = []

    def tell(self, _settings, since):
        self.sinces.append(since)
        yield HistoryPage([self.first], self.first.occurred_at)
        if (wrong := next(self.troubles, None)) is not None:
            raise wrong
        yield HistoryPage(self.rest)


def reasons(world):
    """What became of each cart's recovery."""
    tokens = dict(Cart.objects.filter(shop_id=world.shop_id).values_list("id", "token"))
    found = Recovery.objects.filter(shop_id=world.shop_id).values_list("cart_id", "reason")
    return {tokens[cart_id]: reason for cart_id, reason in found}


def test_history_is_told_by_pages_goes_on_where_it_was_cut_off_and_writes_to_nobody():
    world = make_world(abandoned_after=HOUR)
    world.scenario(more="trigger: {on: any, idle: 1h}")
    # Left while the scenario was live already, two of them before the shop was connected.
    connected_at = T0 + 3 * DAY
    first = left(0, T0 + DAY)
    rest = [left(1, T0 + 2 * DAY), left(2, connected_at + HOUR)]
    past = Past(first, rest, [ShopAway("it says 503")])
    made, opener = connected(world, back_fill=past.tell)
    Connection.objects.filter(id=made.id).update(created_at=connected_at)
    made = again(made)
    connector = opener.connections.connector("ours")
    begin_back_fill(made, connector, since=T0 - DAY, now=connected_at)
    with pytest.raises(AlreadyTelling):
        begin_back_fill(made, connector, since=T0 - DAY, now=connected_at)

    def fill(minutes, ends=lambda: False):
        at = connected_at + 2 * HOUR + timedelta(minutes=minutes)
        BackFiller(opener, ends).fill_due(shop_id=world.shop_id, now=at)
        return history.latest(made)

    # One that is asked to end leaves the rest; so does one whose shop is away.
    assert fill(0, lambda: True).pages == 1
    assert fill(5).trouble == "it says 503"
    assert fill(6).finished_at is None
    told = fill(10)
    assert past.sinces == [T0 - DAY, T0 + DAY, T0 + DAY]
    assert (told.pages, told.heard, told.known, told.trouble) == (4, 3, 2, "")
    assert told.finished_at is not None
    later = connected_at + 3 * HOUR
    while fold_shop(shop_id=world.shop_id, now=later):
        pass
    advance_carts(shop_id=world.shop_id, now=later)
    assert Abandonment.objects.filter(shop_id=world.shop_id).count() == 3
    assert reasons(world) == {"t0": "before_activation", "t1": "before_activation", "t2": None}


def test_what_has_no_history_says_so():
    world = make_world()
    made, opener = connected(world)
    with pytest.raises(NoHistory, match="Ours can't be asked for its history"):
        begin_back_fill(made, opener.connections.connector("ours"), since=T0, now=T0)


def test_a_shop_whose_clock_is_behind_is_asked_by_its_own_and_nothing_is_passed_over():
    """It dates what it changed by its clock; the dates of its answers say how far that is off."""
    world, slow = make_world(), timedelta(hours=3)
    changed, asked_from, behind = [], [], timedelta(0)

    def ask(since):
        asked_from.append(since)
        with asking(api.url) as shop:
            shop.get(api.url, (), {})
        yield [one for one in changed if one.occurred_at >= since]

    def answer(_heard):
        return Said(200, "{}", {"date": format_datetime(WALL.now() - behind, usegmt=True)})

    def look(now):
        ShopAsker(opener).ask_due(shop_id=world.shop_id, now=now)
        return again(made).asked_until, InboxEvent.objects.filter(shop_id=world.shop_id).count()

    with ScriptedApi(answer) as api:
        made, opener = connected(world, ask=lambda _, since: ask(since))
        now = T0 + 10 * HOUR
        assert look(now) == (now, 0)
        # Its clock goes wrong, and a webhook about a cart is lost.
        behind, now = slow, now + HOUR
        changed.append(left(1, now - timedelta(minutes=20) - slow))
        assert look(now) == (now - HOUR, 0)  # what it told is not believed to be all
        assert look(now) == (now, 1)
        assert asked_from[-1] < asked_from[-2] - slow + timedelta(minutes=1)
        # Set right again, it is asked as all are.
        behind = timedelta(0)
        look(now + HOUR)
    assert again(made).behind == timedelta(0)
