"""CNS-6: a person's data is told and erased, from every table; nothing brings her back, figures stay."""

import json
import re

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ripresa.domain.attribution.models import Touchpoint
from ripresa.domain.attribution.outside import NewTouch, add_touchpoints
from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.contacts.models import Contact, ContactKey, Suppression, Tombstone
from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.deals.agents import add_agent
from ripresa.domain.deals.models import AgentAssignment
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import Message
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.agents.assign_agents import NotACustomer, assign_customer
from ripresa.usecases.consent.unsubscribe import unsubscribe
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.personal_data import words
from ripresa.usecases.personal_data.erase import NobodyThere, erase_contact
from ripresa.usecases.personal_data.export import collect
from ripresa.usecases.personal_data.holdings import HOLDINGS, NOBODY
from ripresa.usecases.personal_data.readable import page_of
from ripresa.usecases.retention import keeping
from tests.db.migrations.one_of_each import one_of_each
from tests.db.usecases.fold_tables import arrive
from tests.rows import DAY, HOUR, T0, make_shop

# What only Ben could be known by.
SECRETS = ("ben@mail.test", "+393331234567", "c_77", "Rossi", "Via Roma", "192.0.2.7")


def tables():
    """Every table of a shop, as Django knows them."""
    return {
        model._meta.db_table: model
        for model in apps.get_models()
        if model.__module__.startswith("ripresa.domain")
        and any(field.column == "shop_id" for field in model._meta.concrete_fields)
    }


SAME_IN_ITALIAN = {"Browser", "Token"}


def test_every_table_of_a_shop_is_accounted_for():
    """A table that is new is named in `holdings`: what of it is hers, or why it holds nobody."""
    named = {each.table for each in HOLDINGS} | set(NOBODY)
    assert set(tables()) - named == set()
    assert named - set(tables()) == set()


def test_what_refers_to_a_contact_is_not_said_to_hold_nobody():
    refers = {
        table
        for table, model in tables().items()
        if {"contact_id", "message_id", "person_key", "to_address", "visit", "visitor_id"}
        & {field.column for field in model._meta.concrete_fields}
    }
    assert refers & set(NOBODY) == set()


def everything(shop_id, *, but=()):
    """All rows of a shop as text, table by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            if table not in but:
                cursor.execute(f"SELECT t::text FROM {table} AS t WHERE shop_id = %s", [shop_id])
                # Sorted: a vacuum in between may lay rows in another order.
                found[table] = "\n".join(sorted(row for (row,) in cursor.fetchall()))
    return found


@pytest.fixture
def world(db):
    made = one_of_each()
    ContactKey.objects.filter(shop=made.shop, key="email:ben@mail.test").update(
        facts={"email": [True, T0.isoformat(), "e", "ben@mail.test"],
               "last_name": [True, T0.isoformat(), "e", "Rossi"]}
    )  # fmt: skip
    return made


class TestExport:
    def test_it_tells_of_every_table_that_holds_something(self, world):
        data = collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0)
        told = json.dumps(data.plain())
        for secret in SECRETS:
            assert secret in told
        for table in ("contact", "contact_key", "consent_word", "cart", "shop_order", "message",
                      "message_content", "decision", "coupon_issue", "deal", "language_choice"):  # fmt: skip
            assert data.tables[table]

    def test_whatever_holds_her_name_is_in_it(self, world):
        data = collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0)
        holding = {
            table
            for table, text in everything(world.shop.id).items()
            if any(secret in text for secret in SECRETS)
        }
        assert holding - set(data.tables) - {"inbox", "pending_order_key", "contact_split"} <= {
            "phone_claim"
        }

    def test_it_tells_of_nobody_else(self, world):
        data = collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0)
        assert "cleo@mail.test" not in json.dumps(data.plain())

    def test_the_page_is_readable_and_harmless(self, world):
        ben = Contact.objects.filter(id=world.ben.id)
        ben.update(first_name="<script>alert(1)</script>", locale="fr-FR")
        data = collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0)
        page = page_of(data, "Ada's <Wines>", "en")
        assert "<script" not in page
        assert "Who you are" in page
        ben.update(locale="de-AT")
        data = collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0)
        page = page_of(data, "Ada's <Wines>", "en")
        assert '<html lang="de">' in page
        assert "Wer Sie sind" in page
        assert not re.search(r"(src|href)=", page)

    def test_the_page_calls_everything_by_words_and_json_by_its_stable_names(self, world):
        named = {each.table for each in HOLDINGS}
        columns = {
            field.column
            for table, model in tables().items()
            if table in named
            for field in model._meta.concrete_fields
        }
        assert named <= set(words.TITLES)
        assert columns - {"shop_id"} <= set(words.COLUMNS)
        Contact.objects.filter(id=world.ben.id).update(locale="it-IT")
        data = collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0)
        page = page_of(data, "Ada's Wines", "en")
        told = re.findall(r"<dt>(.*?)</dt>", page)
        assert "Cognome" in told
        assert [each for each in told if "_" in each] == []
        assert set(told) & set(words.COLUMNS.values()) <= SAME_IN_ITALIAN
        assert re.search(r"<dt>Totale</dt><dd>\d+,\d\d\xa0€</dd>", page)
        assert "<dt>Canale</dt><dd>Per e-mail</dd>" in page
        assert "<dt>Una prova</dt><dd>No</dd>" in page
        assert re.search(r"<dt>Ordinato il</dt><dd>\d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC</dd>", page)
        assert {"last_name", "locale"} <= set(data.tables["contact"][0])
        assert isinstance(data.tables["shop_order"][0]["total_minor"], int)

    def test_another_shop_tells_nothing(self, world):
        assert collect(shop_id=world.other_shop.id, contact_id=world.ben.id, now=T0) is None


class TestErase:
    def erase(self, world):
        return erase_contact(shop_id=world.shop.id, contact_id=world.ben.id, by="Ada", now=T0)

    def test_nothing_of_her_is_left_in_any_table(self, world):
        self.erase(world)
        # The payload of the inbox and the keys of orders go with the next fold; a claim on her number
        # was made by somebody else.
        for table, text in everything(world.shop.id, but={"inbox", "pending_order_key"}).items():
            left = [secret for secret in SECRETS if secret in text]
            assert left == [] or (table, left) == ("phone_claim", ["+393331234567"]), table

    def test_the_figures_stay(self, world):
        before = (
            list(Order.objects.order_by("id").values_list("id", "total_minor", "contact_id")),
            list(Cart.objects.order_by("id").values_list("id", "state", "total_minor")),
        )
        self.erase(world)
        assert before == (
            list(Order.objects.order_by("id").values_list("id", "total_minor", "contact_id")),
            list(Cart.objects.order_by("id").values_list("id", "state", "total_minor")),
        )

    def test_what_was_planned_is_skipped(self, world):
        planned = list(Message.objects.filter(contact_id=world.ben.id, state="planned"))
        assert planned
        self.erase(world)
        for message in planned:
            message.refresh_from_db()
            assert (message.state, message.reason) == ("skipped", "erased")

    def test_others_keep_all(self, world):
        before = collect(shop_id=world.shop.id, contact_id=world.cleo.id, now=T0).tables
        self.erase(world)
        assert collect(shop_id=world.shop.id, contact_id=world.cleo.id, now=T0).tables == before

    def test_twice_there_is_nobody(self, world):
        self.erase(world)
        with pytest.raises(NobodyThere):
            self.erase(world)
        assert collect(shop_id=world.shop.id, contact_id=world.ben.id, now=T0) is None

    def test_an_old_link_still_works_and_stores_nothing(self, world):
        self.erase(world)
        before = everything(world.shop.id)
        unsubscribe(
            shop_id=world.shop.id, message_id=world.sent.id, token_hash=b"", channels=("email",),
            now=T0,
        )  # fmt: skip
        assert everything(world.shop.id) == before

    def test_a_bounce_that_comes_late_stores_nothing(self, world):
        self.erase(world)
        suppress(
            shop_id=world.shop.id, channel="email", cause="hard_bounce",
            details={"ben@mail.test": "550", "new@mail.test": "550"}, now=T0,
        )  # fmt: skip
        assert not Suppression.objects.filter(address="ben@mail.test").exists()
        assert Suppression.objects.filter(address="new@mail.test").exists()

    def test_tombstones_tell_nothing(self, world):
        self.erase(world)
        hashes = [bytes(one.key_hash) for one in Tombstone.objects.filter(by="Ada")]
        assert len(hashes) == 3
        assert {len(one) for one in hashes} == {32}


def test_commands_tell_and_erase(shop, hear, ripresa, tmp_path):
    hear(*EVENTS)
    told = json.loads(ripresa("contact", "export", "ada@example.test").output)
    assert told["data"]["contact"][0]["first_name"] == "Ada"
    ripresa("contact", "export", "ada@example.test", "--html", "--out", tmp_path / "ada.html")
    assert "Ada" in (tmp_path / "ada.html").read_text()
    assert ripresa("contact", "erase", "ada@example.test", answer="n\n").exit_code == 1
    assert "is erased" in ripresa("contact", "erase", "ada@example.test", answer="y\n").output
    with pytest.raises(Problem, match="nobody is known"):
        ripresa("contact", "erase", "ada@example.test", "--yes")


def test_whom_retention_let_go_of_may_still_be_erased(shop, hear, ripresa):
    """CNS-6: what she refused is kept of her; she may ask for that as well."""
    hear(*EVENTS)
    suppress(shop_id=shop.id, channel="email", cause="complaint", details={"ada@example.test": ""}, now=T0)  # fmt: skip
    later = T0 + 2000 * DAY
    while keeping.let_go(shop_id=shop.id, now=later):
        pass
    assert Suppression.objects.filter(shop=shop, address="ada@example.test").exists()
    told = json.loads(ripresa("contact", "erase", "ada@example.test", "--yes", "--json").output)
    assert told["erased"] is None
    assert told["rows"]["suppression"] == 1
    assert not Suppression.objects.filter(shop=shop).exists()
    assert tombstones.erased_among(shop.id, ["email:ada@example.test"])


ADA = {"email": "ada@example.test", "customer_id": "c_5", "phone": "+393337654321",
       "first_name": "Ada", "last_name": "Lovelace"}  # fmt: skip
ITEM = {"product_id": "p1", "title": "Vino", "quantity": 2, "unit_price": "29.90"}


def _event(number, kind, at, **more):
    return {"id": f"e{number}", "type": kind, "occurred_at": at.isoformat(), **more}


_CART = {"token": "cart_5", "currency": "EUR", "items": [ITEM],
         "restore_url": "https://wines.test/restore?who=Lovelace"}  # fmt: skip
EVENTS = (
    _event(1, "cart.updated", T0 - 3 * DAY, visitor_id="v1", user_agent="Mozilla Lovelace",
           contact=ADA, cart=_CART),
    _event(2, "contact.identified", T0 - 3 * DAY + HOUR, visitor_id="v1", contact=ADA,
           cart={"token": "cart_5"}),
    _event(3, "consent.changed", T0 - 3 * DAY, contact={
        "email": "ada@example.test", "consent": {"email": "granted"}, "consent_text": "Ada agrees"}),
    _event(4, "order.placed", T0 - 2 * DAY, contact=ADA,
           order={"id": "o1", "currency": "EUR", "total": "59.80", "cart_token": "cart_5"}),
    _event(5, "cart.updated", T0 - DAY, contact={"customer_id": "c_5"}, cart={
        **_CART, "token": "cart_6"}),
    _event(6, "order.placed", T0 - HOUR, contact={"phone": "+393337654321"},
           order={"id": "o2", "currency": "EUR", "total": "10.00"}),
    _event(7, "cart.updated", T0 - HOUR, contact={
        "email": "bob@example.test", "phone": "+393337654321", "first_name": "Bob"},
        cart={**_CART, "token": "cart_7", "restore_url": None}),
)  # fmt: skip
_HERS = ("ada@example.test", "c_5", "Ada", "Lovelace", "Mozilla")


class TestNothingBringsHerBack(TestCase):
    """Events before, after and again, in any order: of an erased person nothing is ever kept."""

    @settings(max_examples=25, deadline=None)
    @given(order=st.permutations(EVENTS), cut=st.integers(1, len(EVENTS)), again=st.booleans())
    def test_in_any_order(self, order, cut, again):
        shop = make_shop("wines", "The Wines")
        first, later = order[:cut], order[cut:]
        self._fold(shop, first)
        key = ContactKey.objects.filter(
            shop=shop, key__in=["email:ada@example.test", "customer:c_5"]
        ).first()
        if key is None:
            return
        erase_contact(shop_id=shop.id, contact_id=key.contact_id, by="x", now=T0)
        known = {"email:ada@example.test", "customer:c_5"} & self._known_from(first)
        self._fold(shop, [{**each, "id": f"{each['id']}-b"} for each in first] if again else [])
        self._fold(shop, later)
        if known == {"email:ada@example.test", "customer:c_5"}:
            for table, text in everything(shop.id).items():
                assert not [word for word in _HERS if word in text], (table, text)
        people = set(Contact.objects.filter(shop=shop).values_list("email", flat=True))
        assert people <= {None, "bob@example.test"} or known != {
            "email:ada@example.test", "customer:c_5",
        }  # fmt: skip
        orders = Order.objects.filter(shop=shop, placed_at__isnull=False)
        assert {row.external_id for row in orders} == {"o1", "o2"}

    @staticmethod
    def _known_from(events):
        """The keys that had been tied to one person when she was erased."""
        tied = [each for each in events if {"email", "customer_id"} <= set(each["contact"])
                and each["contact"].get("email") == "ada@example.test"]  # fmt: skip
        return {"email:ada@example.test", "customer:c_5"} if tied else set()

    @staticmethod
    def _fold(shop, events):
        arrive(shop, events)
        while fold_shop(shop_id=shop.id, now=T0):
            pass


def test_what_was_dropped_is_said(shop, hear):
    hear(EVENTS[0])
    contact = Contact.objects.get(shop=shop)
    erase_contact(shop_id=shop.id, contact_id=contact.id, by="x", now=T0)
    hear(EVENTS[3], EVENTS[6])
    outcomes = dict(InboxEvent.objects.filter(shop=shop).values_list("external_id", "outcome"))
    assert outcomes == {"e1": "folded", "e4": "erased", "e7": "erased"}
    order = Order.objects.get(shop=shop, external_id="o1")
    assert order.total_minor == 5980
    assert Cart.objects.get(shop=shop, token="cart_5").state in {"recovered", "ordered"}
    bob = Contact.objects.get(shop=shop, email="bob@example.test")
    assert bob.phone is None


@pytest.fixture
def ada_is_gone(shop, hear):
    """Ada was here, and asked to be erased; Anna sells."""
    hear(EVENTS[0])
    contact = Contact.objects.get(shop=shop)
    erase_contact(shop_id=shop.id, contact_id=contact.id, by="x", now=T0)
    add_agent(shop_id=shop.id, email="anna@wines.test", name="Anna", now=T0)


@pytest.mark.parametrize("customer", ["Ada@Example.test", "customer:c_5"])
def test_she_is_made_nobodys_customer(customer, ada_is_gone, shop):
    with pytest.raises(NotACustomer, match="erased"):
        assign_customer(shop_id=shop.id, customer=customer, agent="anna@wines.test", now=T0)
    assert not AgentAssignment.objects.exists()


def test_a_list_of_agents_customers_leaves_her_out_and_says_so(
    ada_is_gone, shop, ripresa, tmp_path
):
    file = tmp_path / "agents.csv"
    file.write_text(
        "customer,agent\nada@example.test,anna@wines.test\nbob@example.test,anna@wines.test\n"
    )
    said = ripresa("agent", "import", file, "--json")
    told = json.loads(said.stdout)
    assert [(one["row"], "erased" in one["message"]) for one in told["problems"]] == [(2, True)]
    assert list(AgentAssignment.objects.values_list("key", flat=True)) == ["email:bob@example.test"]


def test_touchpoints_from_outside_are_not_kept_of_her(ada_is_gone, shop):
    touches = [
        NewTouch("crm", key, T0 - DAY, "outside", "fair", key)
        for key in ("email:ada@example.test", "phone:+393337654321", "email:bob@example.test")
    ]
    assert add_touchpoints(shop_id=shop.id, touches=touches, now=T0) == 1
    assert list(Touchpoint.objects.values_list("key", flat=True)) == ["email:bob@example.test"]
