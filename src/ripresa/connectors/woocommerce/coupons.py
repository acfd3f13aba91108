"""Coupons made and looked at in the shop. Source: REST API version 3, coupons."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ripresa.connectors.woocommerce.rest import PAGE, Rest, rest
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import CouponWanted
from ripresa.core.clock import WALL

# Less is left for one more: an answer takes that long in a slow shop.
_LEFT_SECONDS = 2.0
_STANDS_ALREADY = "woocommerce_rest_coupon_code_already_exists"


def mint(settings: Mapping[str, str], wanted: CouponWanted) -> list[str]:
    """Make codes, each to be used once; those that now stand. Raises ShopAway, NotLetIn."""
    made: list[str] = []
    with rest(settings) as shop:
        _require_currency(shop, wanted)
        for start in range(0, len(wanted.codes), PAGE):
            codes = wanted.codes[start : start + PAGE]
            told = shop.post("coupons/batch", {"create": [_coupon(wanted, code) for code in codes]})
            rows = told.get("create") if isinstance(told, dict) else None
            if not isinstance(rows, list) or len(rows) != len(codes):
                raise ShopAway(say("the shop answers about other coupons than it was asked for"))
            made += [
                code
                for code, row in zip(codes, rows, strict=True)
                if _is_made(row) or (_stands_already(row) and _is_ours(shop, code, wanted.name))
            ]
    return made


def look_at_codes(
    settings: Mapping[str, str], codes: Sequence[str], timeout: timedelta
) -> dict[str, bool | None]:
    """Whether each of `codes` can be used now. Raises ShopAway, NotLetIn.

    WooCommerce finds a coupon by one code at a time: those for which no time was left are not told.
    """
    told: dict[str, bool | None] = {}
    until = time.monotonic() + timeout.total_seconds()
    with rest(settings, within=timeout) as shop:
        for code in codes:
            if told and time.monotonic() + _LEFT_SECONDS > until:
                break
            told[code] = _stands(_find(shop, code))
    return told


def _stands(coupon: Mapping[str, Any] | None) -> bool | None:
    if coupon is None or coupon.get("status", "publish") != "publish":
        return False
    limit, used = coupon.get("usage_limit"), coupon.get("usage_count")
    if isinstance(limit, int) and isinstance(used, int) and 0 < limit <= used:
        return False
    ends = coupon.get("date_expires_gmt")
    try:
        return ends is None or WALL.now() < datetime.fromisoformat(ends).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def _coupon(wanted: CouponWanted, code: str) -> dict[str, Any]:
    coupon: dict[str, Any] = {
        "code": code,
        "description": wanted.name,
        "discount_type": "percent" if wanted.is_percent else "fixed_cart",
        "amount": format(wanted.value, "f"),
        "usage_limit": 1,
    }
    if wanted.minimum is not None:
        coupon["minimum_amount"] = format(wanted.minimum, "f")
    if wanted.valid_until is not None:
        # The last second in which it holds: WooCommerce lets a code be used at the instant it names.
        last = wanted.valid_until.astimezone(UTC) - timedelta(seconds=1)
        coupon["date_expires_gmt"] = last.strftime("%Y-%m-%dT%H:%M:%S")
    return coupon


def _require_currency(shop: Rest, wanted: CouponWanted) -> None:
    """Amounts of coupons have no currency of their own: they are in the shop's."""
    if wanted.is_percent and wanted.minimum is None:
        return
    told = shop.get("data/currencies/current")
    code = told.get("code") if isinstance(told, dict) else None
    if code != wanted.currency:
        raise NotLetIn(
            say(
                "the shop counts in {code}: it can't make coupons in {currency}",
                code=code,
                currency=wanted.currency,
            )
        )


def _is_made(row: Any) -> bool:
    return isinstance(row, dict) and "error" not in row and bool(row.get("id"))


def _stands_already(row: Any) -> bool:
    error = row.get("error") if isinstance(row, dict) else None
    return isinstance(error, dict) and error.get("code") == _STANDS_ALREADY


def _is_ours(shop: Rest, code: str, name: str) -> bool:
    """A code that was made when no answer came back, and not somebody else's of the same letters."""
    coupon = _find(shop, code)
    return coupon is not None and coupon.get("description") == name


def _find(shop: Rest, code: str) -> dict[str, Any] | None:
    """WooCommerce keeps codes in lower case, and takes them in any."""
    found = shop.get("coupons", {"code": code})
    if not isinstance(found, list):
        raise ShopAway(say("the shop answers with something else than a list of coupons"))
    same = (one for one in found if isinstance(one, dict))
    return next((one for one in same if str(one.get("code")).lower() == code.lower()), None)
