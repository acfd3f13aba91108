"""What stands in the shop, as the Admin API tells it: a wine shop in Bologna and its buyer Ada."""

from datetime import UTC, datetime, timedelta

T0 = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)


def at(minutes: float = 0) -> str:
    return (T0 + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def money(amount: str, currency: str = "EUR") -> dict:
    both = {"amount": amount, "currencyCode": currency}
    return {"shopMoney": both, "presentmentMoney": both}


ADDRESS = {
    "id": "gid://shopify/MailingAddress/1", "firstName": "Ada", "lastName": "Rossi", "name": "Ada Rossi",
    "address1": "Via Emilia 7", "zip": "40121", "city": "Bologna", "province": "Bologna",
    "provinceCode": "BO", "countryCodeV2": "IT",
}  # fmt: skip


def customer(number: int = 7001, **changes: object) -> dict:
    return {
        "id": f"gid://shopify/Customer/{number}", "firstName": "Ada", "lastName": "Rossi",
        "locale": "it-IT", "createdAt": at(-9000), "updatedAt": at(),
        "defaultEmailAddress": {"emailAddress": f"ada{number}@mail.test", "marketingState": "NOT_SUBSCRIBED"},
        "defaultAddress": ADDRESS, **changes,
    }  # fmt: skip


def order(number: int, **changes: object) -> dict:
    return {
        "id": f"gid://shopify/Order/{number}", "name": f"#{number}", "email": f"p{number}@mail.test",
        "createdAt": at(), "updatedAt": at(), "processedAt": at(), "test": False, "sourceName": "web",
        "cartToken": f"cart_{number}", "checkoutToken": f"tok_{number}", "customerLocale": "it-IT",
        "customerAcceptsMarketing": False, "discountCodes": [], "totalPriceSet": money("64.7"),
        "totalDiscountsSet": money("0.0"), "totalTaxSet": money("11.67"),
        "totalShippingPriceSet": money("4.9"), "customer": None, "shippingAddress": ADDRESS,
        "refunds": [], **changes,
    }  # fmt: skip


def line(variant: int = 411, **changes: object) -> dict:
    return {
        "id": f"gid://shopify/AbandonedCheckoutLineItem/{variant}", "quantity": 2, "sku": "BAR-75",
        "title": "Barolo", "variantTitle": "0,75 l",
        "product": {"id": "gid://shopify/Product/41", "onlineStoreUrl": "https://wines.test/products/barolo"},
        "variant": {"id": f"gid://shopify/ProductVariant/{variant}"},
        "image": {"url": "https://cdn.test/barolo.jpg"}, "originalUnitPriceSet": money("29.9"), **changes,
    }  # fmt: skip


def checkout(number: int, *, lines: list | None = None, **changes: object) -> dict:
    return {
        "id": f"gid://shopify/AbandonedCheckout/{number}",
        "abandonedCheckoutUrl": f"https://wines.test/1/checkouts/ac/cart_{number:04}/recover?key=secret",
        "createdAt": at(-5), "updatedAt": at(), "completedAt": None, "customer": customer(number),
        "shippingAddress": ADDRESS, "discountCodes": [], "subtotalPriceSet": money("59.8"),
        "lineItems": [line()] if lines is None else lines, **changes,
    }  # fmt: skip


def variant(number: int, **changes: object) -> dict:
    return {
        "__typename": "ProductVariant", "id": f"gid://shopify/ProductVariant/{number}", "sku": f"SKU-{number}",
        "title": "Default Title", "price": "29.90", "availableForSale": True, "inventoryPolicy": "DENY",
        "inventoryQuantity": 6, "inventoryItem": {"id": "gid://shopify/InventoryItem/1", "tracked": True},
        "media": [], "product": product(41), **changes,
    }  # fmt: skip


def product(number: int, **changes: object) -> dict:
    picture = {"preview": {"image": {"url": "https://cdn.test/barolo.jpg"}}}
    return {
        "__typename": "Product", "id": f"gid://shopify/Product/{number}", "title": "Barolo", "status": "ACTIVE",
        "onlineStoreUrl": "https://wines.test/products/barolo",
        "featuredMedia": {"id": "gid://shopify/MediaImage/1", **picture}, "variants": [], **changes,
    }  # fmt: skip
