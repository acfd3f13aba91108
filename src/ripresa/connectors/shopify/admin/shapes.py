"""GraphQL nodes in the shape of REST resources, which is that of webhooks too: one reading for all ways."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ripresa.connectors.shopify.recovery_urls import token_in

_Node = Mapping[str, Any]
_CENTS = Decimal("0.01")
_ADDRESS = {
    "first_name": "firstName", "last_name": "lastName", "name": "name", "company": "company",
    "address1": "address1", "address2": "address2", "zip": "zip", "city": "city",
    "province": "province", "province_code": "provinceCode", "country_code": "countryCodeV2",
    "phone": "phone",
}  # fmt: skip


def number_of(gid: object) -> str | None:
    """The number that webhooks call a thing by: the last part of `gid://shopify/Order/123?…`."""
    tail = str(gid or "").rpartition("/")[2].partition("?")[0]
    return tail if tail.isascii() and tail.isdecimal() else None


def order_of(node: _Node) -> dict[str, Any]:
    """An Order as orders/updated would tell it. A checkout's id is in no GraphQL order: its token is."""
    total = _money(node.get("totalPriceSet"))
    return {
        "id": number_of(node.get("id")),
        "name": node.get("name"),
        "email": node.get("email"),
        "phone": node.get("phone"),
        "created_at": node.get("createdAt"),
        "updated_at": node.get("updatedAt"),
        "processed_at": node.get("processedAt"),
        "cancelled_at": node.get("cancelledAt"),
        "test": node.get("test"),
        "source_name": node.get("sourceName"),
        "cart_token": node.get("cartToken"),
        "checkout_token": node.get("checkoutToken"),
        "customer_locale": node.get("customerLocale"),
        "buyer_accepts_marketing": node.get("customerAcceptsMarketing"),
        "discount_codes": [{"code": code} for code in node.get("discountCodes") or ()],
        "currency": total.get("currency_code"),
        "total_price_set": {"presentment_money": total},
        "total_discounts_set": {"presentment_money": _money(node.get("totalDiscountsSet"))},
        "total_tax_set": {"presentment_money": _money(node.get("totalTaxSet"))},
        "total_shipping_price_set": {
            "presentment_money": _money(node.get("totalShippingPriceSet"))
        },
        "customer": customer_of(node.get("customer")),
        "billing_address": _address(node.get("billingAddress")),
        "shipping_address": _address(node.get("shippingAddress")),
        "refunds": [_refund(each) for each in node.get("refunds") or ()],
    }


def checkout_of(node: _Node, lines: Iterable[_Node]) -> dict[str, Any]:
    """An AbandonedCheckout as checkouts/update would tell it.

    Its tokens are in no field of it; one stands in the recovery URL, where the app may see that.
    """
    customer = customer_of(node.get("customer"))
    subtotal = _money(node.get("subtotalPriceSet"))
    url = node.get("abandonedCheckoutUrl")
    return {
        "id": number_of(node.get("id")),
        "token": token_in(url),
        "created_at": node.get("createdAt"),
        "updated_at": node.get("updatedAt"),
        "completed_at": node.get("completedAt"),
        "presentment_currency": subtotal.get("currency_code"),
        "subtotal_price": subtotal.get("amount"),
        "abandoned_checkout_url": url,
        "customer_locale": (customer or {}).get("locale"),
        "customer": customer,
        "billing_address": _address(node.get("billingAddress")),
        "shipping_address": _address(node.get("shippingAddress")),
        "line_items": [_line(line) for line in lines],
    }


def customer_of(node: _Node | None) -> dict[str, Any] | None:
    """A Customer as customers/update would tell it."""
    if not node:
        return None
    email, phone = node.get("defaultEmailAddress") or {}, node.get("defaultPhoneNumber") or {}
    return {
        "id": number_of(node.get("id")),
        "email": email.get("emailAddress"),
        "phone": phone.get("phoneNumber"),
        "first_name": node.get("firstName"),
        "last_name": node.get("lastName"),
        "locale": node.get("locale"),
        "created_at": node.get("createdAt"),
        "updated_at": node.get("updatedAt"),
        "default_address": _address(node.get("defaultAddress")),
        "email_marketing_consent": _consent(email),
        "sms_marketing_consent": _consent(phone),
    }


def _consent(node: _Node) -> dict[str, Any] | None:
    if not node:
        return None
    return {
        "state": node.get("marketingState"),
        "opt_in_level": node.get("marketingOptInLevel"),
        "consent_updated_at": node.get("marketingUpdatedAt"),
    }


def _refund(node: _Node) -> dict[str, Any]:
    money = _money(node.get("totalRefundedSet"))
    paid = {
        "kind": "refund", "status": "success",
        "amount": money.get("amount"), "currency": money.get("currency_code"),
    }  # fmt: skip
    return {
        "id": number_of(node.get("id")),
        "created_at": node.get("createdAt"),
        "transactions": [paid] if paid["amount"] else [],
    }


def _line(node: _Node) -> dict[str, Any]:
    product, variant, image = (node.get(name) or {} for name in ("product", "variant", "image"))
    return {
        "product_id": number_of(product.get("id")),
        "variant_id": number_of(variant.get("id")),
        "sku": node.get("sku"),
        "title": node.get("title"),
        "variant_title": node.get("variantTitle"),
        "quantity": node.get("quantity"),
        "price": _money(node.get("originalUnitPriceSet")).get("amount"),
        "image_url": image.get("url"),
        "url": product.get("onlineStoreUrl"),
    }


def _address(node: _Node | None) -> dict[str, Any] | None:
    return {ours: node.get(theirs) for ours, theirs in _ADDRESS.items()} if node else None


def _money(bag: Any) -> dict[str, Any]:
    """What the buyer saw. GraphQL writes 5.0 where REST writes 5.00: both are told alike."""
    shown = (bag or {}).get("presentmentMoney") or {}
    try:
        amount = Decimal(str(shown.get("amount")))
        amount = max(amount, amount.quantize(_CENTS), key=_decimals)
    except InvalidOperation:
        return {}
    return {"amount": format(amount, "f"), "currency_code": shown.get("currencyCode")}


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
