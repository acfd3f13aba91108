"""Promotion codes: made in the shop, each good for one use, and looked at before they are sent.

Each code is a promotion; those of a batch share a campaign, which has their end. Source: docs.medusajs.com,
api/admin, promotions and campaigns; tried against Medusa 2.21. A limit of uses came with 2.12: a shop that is
older refuses it, and makes no code that would be good for ever.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ripresa.connectors.medusa.api import listed, told_with
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.asking import ShopClient, asking
from ripresa.contracts.shops.connector import NotLetIn
from ripresa.contracts.shops.errands import CouponWanted
from ripresa.core.clock import WALL
from ripresa.core.http.client import basic

# Some servers read a longer list in an address as something else.
_AT_ONCE = 20
_FIELDS = "id,code,status,limit,used,campaign.campaign_identifier,campaign.ends_at"
_LONGEST_NAME = 200


def mint(settings: Mapping[str, str], wanted: CouponWanted) -> list[str]:
    """The codes of `wanted` that now stand. Raises ShopAway, NotLetIn."""
    if wanted.minimum is not None:
        raise NotLetIn(
            say("Medusa's codes know no least worth of the goods: make the pool without one")
        )
    url, key = told_with(settings, "secret_key")
    headers = basic(key, "")
    with asking(url) as shop:
        there = _find(shop, url, headers, wanted.codes)
        campaign = _campaign(shop, url, headers, wanted)
        made = []
        for code in wanted.codes:
            known = there.get(code)
            if known is None:
                shop.post(f"{url}/admin/promotions", _promotion(wanted, code, campaign), headers)
            if known is None or _campaign_of(known).get("campaign_identifier") == _ident(wanted):
                made.append(code)
        return made


def look_at_codes(
    settings: Mapping[str, str], codes: Sequence[str], timeout: timedelta
) -> dict[str, bool | None]:
    """Whether each of `codes` can be used now. Raises ShopAway, NotLetIn."""
    url, key = told_with(settings, "secret_key")
    with asking(url, within=timeout) as shop:
        there = _find(shop, url, basic(key, ""), codes)
    return {code: _stands(there.get(code)) for code in codes}


def _find(
    shop: ShopClient, url: str, headers: Mapping[str, str], codes: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """Promotions by their code."""
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(codes), _AT_ONCE):
        some = codes[start : start + _AT_ONCE]
        query = [("fields", _FIELDS), ("limit", str(_AT_ONCE)), *(("code[]", one) for one in some)]
        told = listed(shop.get(f"{url}/admin/promotions", query, headers), "promotions")
        found |= {str(one.get("code")): one for one in told if isinstance(one, dict)}
    return found


def _campaign(shop: ShopClient, url: str, headers: Mapping[str, str], wanted: CouponWanted) -> str:
    """The id of the campaign that codes of this name and end belong to."""
    ident = _ident(wanted)
    query = {"campaign_identifier": ident, "fields": "id,campaign_identifier"}
    told = listed(shop.get(f"{url}/admin/campaigns", query, headers), "campaigns")
    for one in told:
        if one.get("campaign_identifier") == ident:
            return str(one.get("id"))
    asked = {"name": wanted.name[:_LONGEST_NAME], "campaign_identifier": ident}
    if wanted.valid_until is not None:
        asked["ends_at"] = wanted.valid_until.astimezone(UTC).isoformat()
    made = shop.post(f"{url}/admin/campaigns", asked, headers)
    return str((made.get("campaign") or {}).get("id") if isinstance(made, dict) else None)


def _ident(wanted: CouponWanted) -> str:
    end = "" if wanted.valid_until is None else f" {wanted.valid_until:%Y-%m-%d}"
    return f"ripresa {wanted.name}{end}"[:_LONGEST_NAME]


def _promotion(wanted: CouponWanted, code: str, campaign: str) -> dict[str, Any]:
    method: dict[str, Any] = {
        "type": "percentage" if wanted.is_percent else "fixed",
        "target_type": "order",
        "value": _number(wanted.value),
        "currency_code": wanted.currency.lower(),
    }
    return {
        "code": code,
        "type": "standard",
        "status": "active",
        "limit": 1,
        "campaign_id": campaign,
        "application_method": method,
    }


def _number(value: Decimal) -> int | float:
    """A number as JSON has them: Medusa takes no text here. Nothing is counted with it."""
    return int(value) if value == value.to_integral_value() else float(value)


def _stands(promotion: Mapping[str, Any] | None) -> bool | None:
    if promotion is None or promotion.get("status") != "active":
        return False
    limit, used = promotion.get("limit"), promotion.get("used")
    if isinstance(limit, int) and isinstance(used, int) and limit <= used:
        return False
    ends = _campaign_of(promotion).get("ends_at")
    try:
        return ends is None or WALL.now() < datetime.fromisoformat(str(ends))
    except (TypeError, ValueError):
        return None


def _campaign_of(promotion: Mapping[str, Any]) -> Mapping[str, Any]:
    campaign = promotion.get("campaign")
    return campaign if isinstance(campaign, dict) else {}
