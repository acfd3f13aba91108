"""Conditions as they are written: what they mean, and how what is wrong is told."""

import pytest

from ripresa.domain.scenarios import plan as plans
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import All, Amount, AnyOf, Not
from tests.scenario_files import AROUND, SHOP, TEMPLATES, parse, problems

FILE = """\
version: 1
name: Conditions
branches:
  - name: some
    when: %s
    steps: [{id: a, after: 0h, send: [email], template: reminder}]
"""


def when(text, around=AROUND):
    return parse(FILE % text, around).branches[0].when


def that(fact, op, value):
    return plans.Test(fact, op, value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{cart_value: {lt: "2000.00"}}', that("cart_value", "lt", Amount(200_000, "EUR"))),
        ("{cart_value: {gte: 1999.99}}", that("cart_value", "gte", Amount(199_999, "EUR"))),
        ('{cart_value: {gt: "2000", currency: JPY}}', that("cart_value", "gt", Amount(2_000, "JPY"))),
        ('{cart_value: "10.5"}', that("cart_value", "eq", Amount(1_050, "EUR"))),
        ('{cart_value: {in: ["1.00", "2.00"]}}',
         that("cart_value", "in", (Amount(100, "EUR"), Amount(200, "EUR")))),
        ("{item_count: 3}", that("item_count", "eq", 3)),
        ("{item_count: {in: [1, 2]}}", that("item_count", "in", (1, 2))),
        ("{item_count: {gte: 2, lt: 5}}",
         All((that("item_count", "lt", 5), that("item_count", "gte", 2)))),
        ("{currency: EUR}", that("currency", "eq", "EUR")),
        ("{country: {in: [IT, SM]}}", that("country", "in", ("IT", "SM"))),
        # NO is a word in YAML 1.2, and Norway.
        ("{country: {ne: NO}}", that("country", "ne", "NO")),
        ("{language: de-AT}", that("language", "eq", "de-AT")),
        ("{customer: inactive}", that("customer", "eq", "inactive")),
        ("{consent.email: {ne: denied}}", that("consent.email", "ne", "denied")),
        ("{consent.sms: granted}", that("consent.sms", "eq", "granted")),
        ("{category: wine}", that("category", "eq", "wine")),
        ("{sku: 0123}", that("sku", "eq", "0123")),
        ("{source: shop}", that("source", "eq", "shop")),
        ("{device: mobile}", that("device", "eq", "mobile")),
        ("{deal_stage: check_out_abandoned}", that("deal_stage", "eq", "check_out_abandoned")),
        ("{has_coupon: true}", that("has_coupon", "eq", True)),
        ("{has_coupon: {ne: true}}", that("has_coupon", "ne", True)),
        ("{country: IT, sku: A}", All((that("country", "eq", "IT"), that("sku", "eq", "A")))),
        ("{all: [{country: IT}, {sku: A}]}", All((that("country", "eq", "IT"), that("sku", "eq", "A")))),
        ("{any: [{country: IT}, {not: {sku: A}}]}",
         AnyOf((that("country", "eq", "IT"), Not(that("sku", "eq", "A"))))),
        ("{not: {country: IT, sku: A}}",
         Not(All((that("country", "eq", "IT"), that("sku", "eq", "A"))))),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_meant(text, read):
    assert when(text) == read


def test_money_is_in_the_shop_s_currency_unless_the_file_says_another():
    lei = Surroundings(TEMPLATES, currency="RON")
    assert when('{cart_value: {lt: "5"}}', lei) == that("cart_value", "lt", Amount(500, "RON"))
    assert when('{cart_value: {lt: "5", currency: EUR}}', lei) == that(
        "cart_value", "lt", Amount(500, "EUR")
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("never", ': must be a mapping of facts, like {cart_value: {lt: "2000.00"}}'),
        ("{}", ": asks nothing"),
        ("[{country: IT}]", ': must be a mapping of facts, like {cart_value: {lt: "2000.00"}}'),
        ("{cart_valeu: {lt: 1}}", ".cart_valeu: unknown key; did you mean 'cart_value'?"),
        ("{consent: granted}", ".consent: unknown key; did you mean 'consent.sms'?"),
        ("{weather: rain}", ".weather: unknown key; known here: cart_value, item_count, currency, country, language, customer, consent.email, consent.sms, category, sku, source, device, deal_stage, has_coupon, all, any, not"),
        ("{cart_value: {less: 1}}", ".cart_value.less: unknown key; known here: eq, ne, lt, lte, gt, gte, in, currency"),
        ("{cart_value: {lt: cheap}}", ".cart_value.lt: 'cheap' is no amount of money; write it like \"2000.00\""),
        ("{cart_value: {lt: '2.000,00'}}", ".cart_value.lt: '2.000,00' is no amount of money; write it like \"2000.00\""),
        ("{cart_value: {lt: -1}}", ".cart_value.lt: '-1' is no amount of money; write it like \"2000.00\""),
        ("{cart_value: {lt: '1999.999'}}", ".cart_value.lt: '1999.999' has more decimals than EUR has"),
        ("{cart_value: {lt: '1.50', currency: JPY}}", ".cart_value.lt: '1.50' has more decimals than JPY has"),
        ("{cart_value: {lt: '9999999999999.00'}}", None),
        ("{cart_value: {lt: 99999999999999}}", ".cart_value.lt: '99999999999999' is no amount of money; write it like \"2000.00\""),
        ("{cart_value: {lt: '1.00', currency: eur}}", ".cart_value.currency: 'eur' is no currency; did you mean 'EUR'?"),
        ("{cart_value: {lt: '1.00', currency: euros}}", ".cart_value.currency: 'euros' is no currency; write it like 'EUR'"),
        ("{cart_value: {currency: EUR}}", ".cart_value: compares with nothing; write one of eq, ne, lt, lte, gt, gte, in"),
        ("{cart_value: {}}", ".cart_value: compares with nothing; write one of eq, ne, lt, lte, gt, gte, in"),
        ("{item_count: two}", ".item_count: must be a whole number from 0 to 1000000"),
        ("{item_count: 1.5}", ".item_count: must be a whole number from 0 to 1000000"),
        ("{item_count: {currency: EUR, gt: 1}}", ".item_count.currency: unknown key; known here: eq, ne, lt, lte, gt, gte, in"),
        ("{country: Italy}", ".country: 'Italy' is no country; did you mean 'IT'?"),
        ("{country: it}", ".country: 'it' is no country; did you mean 'IT'?"),
        ("{country: UK}", ".country: 'UK' is no country; did you mean 'GB'?"),
        ("{country: EU}", ".country: 'EU' is no country; write it like 'IT' or 'GB'"),
        ("{country: [IT, DE]}", ".country: is a list: write {in: [...]}"),
        ("{country: {in: IT}}", ".country.in: must be a list"),
        ("{country: {in: []}}", ".country.in: must hold at least one value"),
        ("{country: {in: [IT, Germany]}}", ".country.in[1]: 'Germany' is no country; did you mean 'DE'?"),
        ("{country: {lt: IT}}", ".country.lt: makes no sense for country; known here: eq, ne, in"),
        ("{has_coupon: {in: [true]}}", ".has_coupon.in: makes no sense for has_coupon; known here: eq, ne"),
        ("{has_coupon: yes}", ".has_coupon: must be true or false"),
        ("{language: German}", ".language: 'German' is no language; write it like 'it' or 'pt-BR'"),
        ("{customer: retuning}", ".customer: can't be 'retuning'; did you mean 'returning'?"),
        ("{customer: {gt: new}}", ".customer.gt: makes no sense for customer; known here: eq, ne, in"),
        ("{consent.email: true}", ".consent.email: can't be 'true'; known here: granted, denied, pending, unknown"),
        ("{device: phone}", ".device: can't be 'phone'; known here: mobile, tablet, desktop, unknown"),
        ("{deal_stage: check_out}", ".deal_stage: there is no stage 'check_out'; did you mean 'check_out_abandoned'?"),
        ("{sku: }", ".sku: must be a text"),
        ("{all: {country: IT}}", ".all: must be a list"),
        ("{any: []}", ".any: must hold at least one condition"),
        ("{any: [{country: IT}, sku]}", '.any[1]: must be a mapping of facts, like {cart_value: {lt: "2000.00"}}'),
        ("{not: [{country: IT}]}", '.not: must be a mapping of facts, like {cart_value: {lt: "2000.00"}}'),
        ("{not: {any: [{sku: {lt: A}}]}}", ".not.any[0].sku.lt: makes no sense for sku; known here: eq, ne, in"),
        ("{country: IT, country: DE}", ".country: stands here twice, first on line 5"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_place(text, told):
    if told is None:
        assert when(text, SHOP)
    else:
        assert problems(FILE % text, SHOP) == [f"cart.yaml:5: branches[0].when{told}"]
