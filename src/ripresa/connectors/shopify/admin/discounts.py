"""Discount codes: made in the shop, each good for one use, and looked at before they are sent.

One discount holds a batch: its first code comes with it, the others are added, up to 100 at a time, which
Shopify does in its own time. The limit of uses counts for each code apart. Source: shopify.dev,
DiscountCodeBasicInput and DiscountRedeemCodeBulkCreation (API version 2026-10).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ripresa.connectors.shopify.admin import changes, documents
from ripresa.connectors.shopify.admin.client import Admin, opened, problems_of
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import CouponWanted

# Shopify takes 250 at once; of so many it tells in one answer what became of them.
_MOST_CODES = 100
# Each costs some twelve points, and a question no more than a thousand.
_LOOKED_AT = 25
_LOOKS = 20
_LOOK_SECONDS = (0.1, 0.3, 1.0, 2.0)
_ACTIVE = "ACTIVE"
_BASIC = "DiscountCodeBasic"
# A code is good at once, whatever the two clocks say.
_LONG_AGO = "2020-01-01T00:00:00Z"


def mint(settings: Mapping[str, str], wanted: CouponWanted) -> list[str]:
    """The codes of `wanted` that now stand. Raises ShopAway, NotLetIn."""
    if not wanted.codes:
        return []
    with opened(settings) as admin:
        if not wanted.is_percent or wanted.minimum is not None:
            _require_currency(admin, wanted.currency)
        discount = _discount(admin, wanted)
        standing = [wanted.codes[0]]
        others = wanted.codes[1:]
        for start in range(0, len(others), _MOST_CODES):
            standing += _add(admin, discount, others[start : start + _MOST_CODES], wanted.name)
        return standing


def look_at_codes(
    settings: Mapping[str, str], codes: Sequence[str], timeout: timedelta
) -> dict[str, bool | None]:
    """Whether each of `codes` can be used now. Raises ShopAway, NotLetIn."""
    told: dict[str, bool | None] = {}
    with opened(settings, within=timeout) as admin:
        for start in range(0, len(codes), _LOOKED_AT):
            some = codes[start : start + _LOOKED_AT]
            variables = {f"code{n}": code for n, code in enumerate(some)}
            variables |= {f"search{n}": f"code:'{code}'" for n, code in enumerate(some)}
            found = admin.run(documents.codes(len(some)), variables)
            told |= {code: _stands(code, _node(found, f"found{n}")) for n, code in enumerate(some)}
    return told


def _stands(code: str, found: Mapping[str, Any] | None) -> bool | None:
    if found is None:
        return False
    discount = found["codeDiscount"]
    if discount.get("status") != _ACTIVE:
        return False
    if discount.get("__typename") != _BASIC:
        return True
    limit = discount.get("usageLimit")
    used = [
        each.get("asyncUsageCount") or 0
        for each in (discount.get("codes") or {}).get("nodes") or ()
        if str(each.get("code")).upper() == code.upper()
    ]
    return limit is None or not used or used[0] < limit


def _require_currency(admin: Admin, currency: str) -> None:
    shop = admin.run(documents.SHOP_CURRENCY).get("shop") or {}
    if shop.get("currencyCode") != currency:
        raise NotLetIn(
            say(
                "Shopify's discounts are in the shop's own {own}, not in {currency}",
                own=shop.get("currencyCode"),
                currency=currency,
            )
        )


def _discount(admin: Admin, wanted: CouponWanted) -> str:
    """The id of the discount for the first code; one that is there under our name is ours already."""
    made = admin.run(changes.MAKE_DISCOUNT, {"discount": _input(wanted)})
    payload = made.get("discountCodeBasicCreate") or {}
    node = payload.get("codeDiscountNode")
    if node:
        return str(node["id"])
    found = _ours(admin, wanted.codes[0], wanted.name)
    if found is None:
        raise NotLetIn(
            say("Shopify makes no such discount: {said}", said="; ".join(problems_of(payload)))
        )
    return found


def _input(wanted: CouponWanted) -> dict[str, Any]:
    value: dict[str, Any] = {
        "discountAmount": {"amount": _text(wanted.value), "appliesOnEachItem": False}
    }
    if wanted.is_percent:
        value = {"percentage": float(wanted.value / 100)}  # no money: a share from 0 to 1
    asked: dict[str, Any] = {
        "title": wanted.name,
        "code": wanted.codes[0],
        "startsAt": _LONG_AGO,
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": {"all": "ALL"},
        "customerGets": {"value": value, "items": {"all": True}},
    }
    if wanted.valid_until is not None:
        asked["endsAt"] = wanted.valid_until.isoformat(timespec="seconds").replace("+00:00", "Z")
    if wanted.minimum is not None:
        least = {"greaterThanOrEqualToSubtotal": _text(wanted.minimum)}
        asked["minimumRequirement"] = {"subtotal": least}
    return asked


def _add(admin: Admin, discount: str, codes: Sequence[str], name: str) -> list[str]:
    asked = {"id": discount, "codes": [{"code": code} for code in codes]}
    payload = admin.run(changes.ADD_CODES, asked).get("discountRedeemCodeBulkAdd") or {}
    creation = payload.get("bulkCreation")
    if not creation:
        raise NotLetIn(say("Shopify takes no codes: {said}", said="; ".join(problems_of(payload))))
    told = _added(admin, str(creation["id"]))
    good = {
        each["code"] for each in told if each.get("discountRedeemCode") and not each.get("errors")
    }
    # One that is taken may be our own, made when no answer came back.
    return [code for code in codes if code in good or _ours(admin, code, name) is not None]


def _added(admin: Admin, creation: str) -> list[dict[str, Any]]:
    for look in range(_LOOKS):
        state = admin.run(documents.CODES_ADDED, {"id": creation})
        progress = state.get("discountRedeemCodeBulkCreation") or {}
        if progress.get("done"):
            return [each for each in (progress.get("codes") or {}).get("nodes") or () if each]
        if not admin.wait(_LOOK_SECONDS[min(look, len(_LOOK_SECONDS) - 1)]):
            break
    raise ShopAway(say("Shopify is still adding the codes: looked at again later"))


def _ours(admin: Admin, code: str, name: str) -> str | None:
    found = _find(admin, code)
    if found is None or found["codeDiscount"].get("title") != name:
        return None
    return str(found["id"])


def _find(admin: Admin, code: str) -> dict[str, Any] | None:
    found = admin.run(documents.CODE, {"code": code, "search": f"code:'{code}'"})
    return _node(found, "codeDiscountNodeByCode")


def _node(found: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    node = found.get(name)
    return node if isinstance(node, dict) and isinstance(node.get("codeDiscount"), dict) else None


def _text(amount: Decimal) -> str:
    return format(amount, "f")
