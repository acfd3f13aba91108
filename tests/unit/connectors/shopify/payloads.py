"""Payloads in Shopify's shape, written for these tests: a wine shop in Bologna and its buyer Ada."""

from ripresa.contracts.events import StoreEvent
from ripresa.contracts.rejections import Rejection

ADDRESS = {
    "first_name": "Ada", "last_name": "Rossi", "name": "Ada Rossi", "company": None,
    "address1": "Via Emilia 7", "address2": "", "zip": "40121", "city": "Bologna",
    "province": "Bologna", "province_code": "BO", "country": "Italy", "country_code": "IT", "phone": None,
}  # fmt: skip
CUSTOMER = {
    "id": 7001, "email": "ada@mail.test", "first_name": "Ada", "last_name": "Rossi", "phone": None,
    "created_at": "2026-01-05T09:00:00+01:00", "updated_at": "2026-02-01T09:00:00+01:00",
    "default_address": ADDRESS,
}  # fmt: skip
BAROLO = {
    "product_id": 41, "variant_id": 411, "sku": "BAR-75", "title": "Barolo", "variant_title": "0,75 l",
    "quantity": 2, "price": "29.90", "line_price": "59.80",
}  # fmt: skip


def a_checkout(**changes):
    return {
        "id": 9007199254740993, "token": "tok_1", "cart_token": "cart_1", "email": "ada@mail.test",
        "phone": None, "created_at": "2026-03-01T10:00:00+01:00", "updated_at": "2026-03-01T10:05:00+01:00",
        "completed_at": None, "currency": "EUR", "presentment_currency": "EUR", "customer_locale": "it-IT",
        "buyer_accepts_marketing": False, "subtotal_price": "59.80", "total_price": "64.70",
        "abandoned_checkout_url": "https://wines.test/1/checkouts/tok_1/recover?key=k",
        "line_items": [BAROLO], "customer": CUSTOMER, "billing_address": ADDRESS, "shipping_address": ADDRESS,
        **changes,
    }  # fmt: skip


def a_cart(**changes):
    return {
        "id": "cart_1", "token": "cart_1", "created_at": "2026-03-01T08:58:00.000Z",
        "updated_at": "2026-03-01T08:59:00.000Z", "line_items": [BAROLO], **changes,
    }  # fmt: skip


def an_order(**changes):
    return {
        "id": 5001, "name": "#1012", "email": "ada@mail.test", "contact_email": "ada@mail.test", "phone": None,
        "created_at": "2026-03-02T12:00:01+01:00", "processed_at": "2026-03-02T12:00:00+01:00",
        "updated_at": "2026-03-02T12:00:01+01:00", "cancelled_at": None, "currency": "EUR",
        "total_price": "64.70", "total_discounts": "0.00", "total_tax": "11.67", "discount_codes": [],
        "shipping_lines": [{"price": "4.90"}], "checkout_id": 9007199254740993, "checkout_token": "tok_1",
        "cart_token": "cart_1", "source_name": "web", "test": False, "customer_locale": "it-IT",
        "buyer_accepts_marketing": False, "customer": CUSTOMER, "billing_address": ADDRESS,
        "shipping_address": ADDRESS, "refunds": [], **changes,
    }  # fmt: skip


def a_refund(**changes):
    return {
        "id": 8001, "order_id": 5001, "created_at": "2026-03-05T09:00:00+01:00",
        "processed_at": "2026-03-05T09:00:05+01:00", "transactions": [a_transaction()], **changes,
    }  # fmt: skip


def a_transaction(amount="10.00", **changes):
    return {
        "id": 1,
        "kind": "refund",
        "status": "success",
        "amount": amount,
        "currency": "EUR",
        **changes,
    }


def money(amount, currency):
    """A set as Shopify writes it: what the buyer saw, and the same in a shop that reckons in euros."""
    return {
        "presentment_money": {"amount": amount, "currency_code": currency},
        "shop_money": {"amount": "1.00", "currency_code": "EUR"},
    }


def events(outcomes):
    return [each for each in outcomes if isinstance(each, StoreEvent)]


def rejections(outcomes):
    return [each for each in outcomes if isinstance(each, Rejection)]


def only(outcomes, kind):
    """The one event of a type; there must be no other of it, and no rejection at all."""
    assert rejections(outcomes) == []
    (found,) = [each for each in events(outcomes) if each.type == kind]
    return found
