"""What a connected shop does for messages: its catalogue, its coupons, its way back to a cart."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from cryptography.fernet import Fernet
from django.test import override_settings

from ripresa.contracts.catalogue import CannotTell, CatalogueItem, Gone, Offered, Shelf
from ripresa.contracts.shops.connector import Connector, NotLetIn, ShopAway, Sums
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.carts.models import Cart
from ripresa.domain.connections import queries
from ripresa.domain.coupons import minting, pools
from ripresa.domain.coupons.models import CouponCode, CouponMint, CouponPool
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.models import Scenario
from ripresa.usecases.connected.catalogue import ShopCatalogue
from ripresa.usecases.connected.minting import Minter
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connections import Connections
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.rows import make_link
from tests.world import build_world

pytestmark = pytest.mark.django_db
LONG_ENOUGH = timedelta(minutes=1)
PLAIN = Connector(name="ours", label="Ours", settings=(), abilities=frozenset())
INSTALLED: dict[str, Connector] = {}  # the setting names it; see `having`


@contextmanager
def having(connectors):
    """The install has these connectors, by name."""
    INSTALLED.update(connectors)
    try:
        with override_settings(CONNECTORS=f"{__name__}.INSTALLED"):
            yield
    finally:
        INSTALLED.clear()


ITEM = CatalogueItem("p", "", "A1")


def connected(shop_id, *connectors):
    box = SecretBox([Fernet.generate_key().decode()])
    connections = Connections({one.name: one for one in connectors}, box)
    for number, one in enumerate(connectors):
        # One after the other: of two of one instant nobody can tell which comes first.
        now = T0 + timedelta(seconds=number)
        connections.connect(shop_id=shop_id, platform=one.name, name=one.name, given={}, now=now)
    return Opener(connections)


def test_the_first_shop_that_answers_tells_prices_and_stock_and_one_that_is_away_is_left_in_peace():
    world = make_world()
    asked = []

    def away(*_):
        asked.append("away")
        raise ShopAway("it says 503")

    def look(_settings, items, currency, timeout):
        asked.append((currency, timeout <= LONG_ENOUGH))
        return [Gone() if item.sku == "A1" else Offered(100, 2) for item in items]

    shelf = Shelf(world.shop_id, "shop", "EUR")
    first, second = replace(PLAIN, name="a", look=away), replace(PLAIN, name="b", look=look)
    catalogue = ShopCatalogue(connected(world.shop_id, PLAIN, first, second), lambda: T0)
    for _ in range(2):
        assert catalogue.read([ITEM], shelf, timeout=LONG_ENOUGH) == [Gone()]
    assert asked == ["away", ("EUR", True), ("EUR", True)]
    alone = make_world()
    catalogue = ShopCatalogue(connected(alone.shop_id, PLAIN, first), lambda: T0)
    shelf = Shelf(alone.shop_id, "shop", "EUR")
    assert catalogue.read([ITEM], shelf, timeout=LONG_ENOUGH) == CannotTell(
        "not checked: it says 503"
    )
    none = make_world()
    catalogue = ShopCatalogue(connected(none.shop_id, PLAIN), lambda: T0)
    found = catalogue.read([ITEM], Shelf(none.shop_id, "shop", "EUR"), timeout=LONG_ENOUGH)
    assert found == CannotTell("not checked: the shop can't be asked")


class Mint:
    """A shop that makes codes; `answers` are troubles that come first, after the codes were made."""

    def __init__(self) -> None:
        self.wanted: list = []
        self.made: list[str] = []
        self.troubles: list = []
        self.looked_at: list[list[str]] = []

    def make(self, _settings, wanted):
        self.wanted.append(wanted)
        self.made += [code for code in wanted.codes if code not in self.made]
        if self.troubles:
            raise self.troubles.pop(0)
        return list(wanted.codes)

    def look_at(self, _settings, codes, _timeout):
        self.looked_at.append(list(codes))
        return {code: code in self.made for code in codes}


def minted(shop, ahead=5, world=None):
    """A pool that `shop` mints for, looked after by `visit(minutes)`."""
    world = world or make_world()
    opener = connected(world.shop_id, replace(PLAIN, mint=shop.make, look_at_codes=shop.look_at))
    pool = pools.create_pool(shop_id=world.shop_id, name="back10", now=T0, low_water=2)
    [connection] = queries.list_open(world.shop_id)
    recipe = minting.Recipe(
        Decimal("10.00"), True, "EUR", Decimal(50), timedelta(days=30), ahead, prefix="WINE"
    )
    mint = minting.add_mint(pool, connection.id, recipe, T0)

    def visit(minutes):
        now = T0 + timedelta(minutes=minutes)
        return Minter(opener).mint_due(shop_id=world.shop_id, now=now)

    return pool, mint, visit


def test_coupons_are_minted_ahead_and_each_once_even_where_no_answer_came():
    shop = Mint()
    pool, mint, visit = minted(shop)
    # No answer came, though the shop made them: the same codes are asked for again, and lie there once.
    shop.troubles = [ShopAway("no whole answer")]
    assert visit(0) == 1
    assert (codes(pool), again(mint).trouble) == ([], "no whole answer")
    assert visit(5) == 0
    assert visit(11) == 1
    assert shop.wanted[0].codes == shop.wanted[1].codes
    assert sorted(codes(pool)) == sorted(shop.made)
    assert len(shop.made) == 5
    assert all(code.startswith("WINE") and len(code) == 14 for code in shop.made)
    wanted = shop.wanted[0]
    assert (wanted.value, wanted.is_percent, wanted.minimum) == (Decimal(10), True, Decimal(50))
    assert f"{wanted.valid_until:%d}" == "01"
    assert wanted.valid_until - T0 >= timedelta(days=30)
    assert f"{wanted.valid_until:%Y-%m-%d}" in wanted.name


def test_what_was_given_is_made_anew_and_what_the_shop_lost_is_thrown_away():
    shop = Mint()
    pool, mint, visit = minted(shop)
    visit(0)
    CouponCode.objects.filter(pool_id=pool.id, code__in=shop.made[:2]).update(reserved_at=T0)
    visit(1)
    assert len(shop.wanted[-1].codes) == 2
    # Somebody deleted the discount in the shop: what nobody has got is thrown away.
    lost, shop.made = set(shop.made), []
    visit(2)
    assert len(shop.made) == 5
    assert set(codes(pool, free=True)) == set(shop.made)
    assert not lost & set(shop.made)
    shop.troubles = [NotLetIn("it says 403")]
    CouponCode.objects.filter(pool_id=pool.id).update(reserved_at=T0)
    visit(3)
    assert (again(mint).trouble, again(mint).is_refused) == ("it says 403", True)


def test_a_shop_is_asked_about_codes_before_its_word_is_old_and_about_all_where_one_is_gone():
    shop = Mint()
    pool, _, visit = minted(shop)
    visit(0)
    assert checks(pool) == {0}
    visit(1)
    [[next_one]] = (
        shop.looked_at
    )  # what is given next is looked at every minute, the rest when it is old
    assert next_one in shop.made
    visit(13 * 60)
    assert sorted(shop.looked_at[-1]) == sorted(shop.made)
    assert checks(pool) == {13 * 60}
    # The one that is next was used or deleted in the shop: none of the others is given unasked.
    shop.made.remove(next_one)
    visit(13 * 60 + 1)
    assert set(codes(pool, free=True)) == set(shop.made)
    assert len(shop.looked_at[-1]) == 4
    assert checks(pool) == {13 * 60 + 1}


def test_who_gives_all_codes_away_between_two_looks_has_more_at_hand_from_then_on():
    shop = Mint()
    pool, mint, visit = minted(shop)
    visit(0)
    CouponCode.objects.filter(pool_id=pool.id).update(reserved_at=T0)
    visit(1)
    assert (again(mint).ahead, len(codes(pool, free=True))) == (10, 10)


def checks(pool):
    """When the shop said that free codes stand, in minutes."""
    found = CouponCode.objects.filter(shop_id=pool.shop_id, pool_id=pool.id, reserved_at=None)
    return {(at - T0) // timedelta(minutes=1) for at in found.values_list("checked_at", flat=True)}


MINT_TEN = "coupon: {mint: {percent: 10}, valid_for: 48h}"


def published(world, offer=MINT_TEN, *, live=False):
    step = f"{{id: first, after: 0h, send: [email], template: reminder, {offer}}}"
    return world.scenario(steps=f"  - {step}\n", live=live)


def test_a_file_that_names_percent_and_no_pool_needs_nobody_to_lay_one():
    """Published, filled from the connected shop, given with the word of the shop that it stands."""
    world, shop = make_world(), Mint()
    able = replace(PLAIN, name="able", mint=shop.make, look_at_codes=shop.look_at)
    minter = Minter(connected(world.shop_id, PLAIN, able))
    published(world)
    [mint] = CouponMint.objects.filter(shop_id=world.shop_id)
    assert (mint.value, mint.is_percent, mint.connection_id) == (Decimal(10), True, None)
    # Published again, with another percentage, and for longer: a pool is laid where none serves.
    published(world, "coupon: {mint: {percent: 10}}")
    assert CouponMint.objects.filter(shop_id=world.shop_id).count() == 1
    published(world, "coupon: {mint: {percent: 12.5}}")
    published(world, "coupon: {mint: {percent: 10}, valid_for: 60d}")
    names = set(CouponPool.objects.filter(shop_id=world.shop_id).values_list("name", flat=True))
    assert names == {"10 %", "12.5 %", "10 %, 60 days"}
    published(world, live=True)
    world.cart(world.contact("ada"), left_at=T0)
    # Due before the first codes are there: it waits, is told so once, and its scenario goes on.
    world.run_until(T0 + DAY + timedelta(minutes=5))
    message = Message.objects.get(shop_id=world.shop_id)
    assert message.state == "planned"
    assert Scenario.objects.get(shop_id=world.shop_id).state == "live"
    [held] = Decision.objects.filter(shop_id=world.shop_id, outcome="held")
    assert held.facts["shortage"] == "being_made"
    now = T0 + DAY + timedelta(minutes=6)
    minter.mint_due(shop_id=world.shop_id, now=now)
    world.run_until(now + timedelta(minutes=5))
    message.refresh_from_db()
    assert (message.state, message.coupon_code in shop.made) == ("sent", True)
    [sent] = Decision.objects.filter(shop_id=world.shop_id, outcome="sent")
    assert sent.facts["coupon_checked"] == now.isoformat()
    [mail] = world.channel.mails
    assert message.coupon_code in mail.text


def test_codes_of_which_the_shop_spoke_long_ago_are_not_given_and_one_that_cannot_say_says_so():
    world, shop = make_world(), Mint()
    pool, _, visit = minted(shop, world=world)
    visit(0)
    published(world, "coupon: {mint: {percent: 10}}", live=True)
    world.cart(world.contact("ada"), left_at=T0 + 2 * DAY)
    world.run_until(T0 + 3 * DAY + timedelta(minutes=5))
    assert not world.channel.mails
    # A shop that can't be asked about codes: what it made is given, and the trail says what is not known.
    CouponCode.objects.filter(pool_id=pool.id).update(checked_at=None)
    world.run_until(T0 + 3 * DAY + timedelta(minutes=10))
    [sent] = Decision.objects.filter(shop_id=world.shop_id, outcome="sent")
    assert sent.facts["coupon_checked"].startswith("no: ")


def test_where_no_shop_can_make_coupons_nobody_waits_for_one_and_the_trail_says_why():
    world = make_world()
    published(world, live=True)
    world.cart(world.contact("ada"), left_at=T0)
    world.run_until(T0 + 2 * DAY)
    [sent] = Decision.objects.filter(shop_id=world.shop_id, outcome="sent")
    told = {name: sent.facts[name] for name in ("shortage", "trouble")}
    assert told == {"shortage": "cannot_mint", "trouble": "no connected shop makes coupons"}


def test_a_file_may_ask_for_a_sum_that_a_connected_shop_can_take_off():
    """Refused at publishing where none can; given to carts in its currency, and only to these."""
    world, shop = make_world(), Mint()
    able = replace(PLAIN, name="able", label="Able", mint=shop.make, sums=Sums.OWN)
    five = 'coupon: {mint: {amount: "5.00"}, valid_for: 48h}'
    with having({one.name: one for one in (PLAIN, able)}):
        opener = connected(world.shop_id, PLAIN)
        with pytest.raises(ScenarioInvalid, match="no connected shop makes coupons over a sum"):
            published(world, five)
        opener = connected(world.shop_id, able)
        with pytest.raises(ScenarioInvalid, match="Able makes coupons in EUR"):
            published(world, 'coupon: {mint: {amount: "5.00", currency: RON}}')
        published(world, five, live=True)
    [mint] = CouponMint.objects.filter(shop_id=world.shop_id)
    assert (mint.value, mint.is_percent, mint.currency) == (Decimal(5), False, "EUR")
    assert again(mint).pool.name == "5.00 EUR"
    assert Minter(opener).mint_due(shop_id=world.shop_id, now=T0) == 1
    [wanted] = shop.wanted
    assert (wanted.value, wanted.is_percent, wanted.currency) == (Decimal(5), False, "EUR")
    world.cart(world.contact("ada"), left_at=T0)
    abroad = world.cart(world.contact("ben"), left_at=T0)
    Cart.objects.filter(id=abroad.id).update(currency="RON")
    world.run_until(T0 + 2 * DAY)
    given = {one.contact.email: one.coupon_code for one in Message.objects.filter(state="sent")}
    assert given["ada@example.test"] in shop.made
    assert not given["ben@example.test"]
    [told] = [
        one.facts
        for one in Decision.objects.filter(shop_id=world.shop_id, outcome="sent")
        if "cart_currency" in one.facts
    ]
    assert (told["cart_currency"], told["coupon_currency"]) == ("RON", "EUR")


def codes(pool, *, free=False):
    found = CouponCode.objects.filter(shop_id=pool.shop_id, pool_id=pool.id)
    if free:
        found = found.filter(reserved_at=None)
    return list(found.values_list("code", flat=True))


def again(mint):
    return CouponMint.objects.get(id=mint.id)


@pytest.fixture
def restored(client):
    """What the restore page leads to, with a connector that makes links as given."""
    world = build_world()
    Cart.objects.filter(id=world.ben_recovered.id).update(
        state="abandoned", order_id=None, restore_url="https://wines.test/own"
    )
    Message.objects.filter(id=world.sent.id).update(coupon_code="BACK10")
    Connections({"ours": PLAIN}, SecretBox([Fernet.generate_key().decode()])).connect(
        shop_id=world.shop.id, platform="ours", name="x", given={}, now=T0
    )
    link = make_link(
        world.sent, "restore", "Zm9vYmFyYmF6cXV4", expires_at=T0 + timedelta(days=9999)
    )

    def follow(make):
        with having({"ours": replace(PLAIN, restore_link=make)}):
            return client.post(f"/r/{link}").headers["Location"]

    return follow


def test_a_cart_comes_back_by_the_platforms_own_link(restored, monkeypatch):
    monkeypatch.setattr(
        "ripresa.usecases.connected.restoring.Connections.settings_of", lambda *_: {}
    )
    seen = []

    def make(_settings, cart):
        seen.append(cart)
        return f"https://checkout.example/cart?code={cart.code}"

    assert restored(make) == "https://checkout.example/cart?code=BACK10"
    [cart] = seen
    assert cart.url_from_shop == "https://wines.test/own"
    assert cart.items
    assert all(item.quantity for item in cart.items)
    # Where it has none, or what it made is no address, the cart's own one is there, and says which cart it was.
    for made in (None, "javascript:alert(1)"):
        own, _, behind = restored(lambda *_, made=made: made).partition("#")
        assert own == "https://wines.test/own"
        assert behind.startswith("ripresa_cart=")
