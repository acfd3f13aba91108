"""The builder over a scenario's conditions (SCN-7): what it shows, it writes again with the same meaning."""

import pytest
from django.http import QueryDict

from ripresa.console.conditions import asked, facts, tree
from ripresa.console.conditions.told import told
from ripresa.domain.scenarios.drafting.asking import is_same, read_asked
from ripresa.domain.scenarios.file.conditions_of_file import FACTS
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.file.surroundings import Surroundings

AROUND = Surroundings({}, currency="EUR", stages=frozenset({"called"}))
CARTS = facts.carts({"called": "Called by phone"})


def read(text):
    return read_asked(ScenarioText(f"when: {text}").get("when"), AROUND)


def test_whatever_a_file_can_ask_can_be_asked_here():
    assert set(facts.FIELDS) == set(FACTS) == set(facts.CONTROLS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{cart_value: {gte: "2000.00"}}', "Cart value at least €2,000.00"),
        ('{cart_value: {lt: "99.50", currency: RON}}', "Cart value less than RON99.50"),
        ('{cart_value: {gte: "100.00", lt: "500.00"}}', "Cart value less than €500.00, and Cart value at least €100.00"),
        ("{item_count: {gt: 3}, country: IT}", "Number of pieces more than 3, and Country is IT"),
        ("{country: {in: [IT, SM]}}", "Country is one of IT, SM"),
        ("{not: {country: {in: [IT, SM]}}}", "Country is none of IT, SM"),
        ("{device: {ne: mobile}}", "Device is not phone"),
        ("{customer: new, consent.sms: granted}", "Customer is never bought, and Consent to SMS is Granted"),
        ("{has_coupon: true}", "Coupon in hand: yes"),
        ("{has_coupon: {ne: true}}", "Coupon in hand: no"),
        ("{deal_stage: called}", "Stage of the deal is Called by phone"),
        ("{any: [{category: wine}, {sku: B-1}, {source: pos}]}", "(Category in the cart is wine or Article in the cart (SKU) is B-1 or Where the cart comes from is pos)"),
        ("{not: {any: [{currency: RON}, {language: ro}]}}", "not so: ((Currency is RON or Language is Română))"),
        ("{country: IT, any: [{language: it}, {all: [{language: de}, {item_count: 2}]}]}", None),
    ],
)  # fmt: skip
def test_what_it_shows_it_writes_again_and_tells(text, sentence):
    condition = read(text)
    top = asked.tree_of(condition, CARTS)
    assert top is not None
    raw = asked.written(top, "EUR")
    assert tree.is_right(top)
    assert is_same(condition, read_asked(raw, AROUND))
    assert sentence is None or told(condition, CARTS.choices("deal_stage")) == sentence


@pytest.mark.parametrize("text", ['{cart_value: {in: ["1.00", "2.00"]}}', "{item_count: {in: [1, 2]}}", '{sku: "A, B"}'])  # fmt: skip
def test_what_only_a_file_can_say_is_not_shown_in_rows(text):
    assert asked.tree_of(read(text), CARTS) is None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0-0:field=cart_value&0-0:op1=gte&0-0:amount1=much", "amount1"),
        ("0-0:field=cart_value&0-0:op1=gte&0-0:amount1=5&0-0:currency=E", "currency"),
        ("0-0:field=item_count&0-0:op=gte&0-0:value=x", "value"),
        ("0-0:field=country&0-0:op=in&0-0:value=Italy", "value"),
        ("0-0:field=device&0-0:op=in", "value"),
    ],
)
def test_what_is_wrong_stands_with_its_row(typed, problem):
    top = tree.read(QueryDict(f"0:kind=all&0-0:kind=row&{typed}"), CARTS)
    asked.written(top, "EUR")
    assert not tree.is_right(top)
    assert list(top.parts[0].problems) == [problem]
