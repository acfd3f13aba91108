"""The shop's webhooks to us: made, looked after, and cleared away.

WooCommerce switches one off, without a word, after five deliveries that failed.
Source: REST API version 3, webhooks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ripresa.connectors.woocommerce.plugin import mark_of, set_up
from ripresa.connectors.woocommerce.rest import rest
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.connector import ShopAway
from ripresa.contracts.shops.errands import Registered

_ACTIVE = "active"
_BATCH = 100


def register(settings: Mapping[str, str], address: str, topics: tuple[str, ...]) -> Registered:
    """Have the shop call `address` about `topics`, and the plugin too. Raises ShopAway, NotLetIn."""
    secret = settings["webhook_secret"]
    wanted = {"name": _name(secret), "status": _ACTIVE, "delivery_url": address, "secret": secret}
    with rest(settings) as shop:
        ours = [one for one in shop.whole("webhooks", {}) if one.get("delivery_url") == address]
        kept, mended, strays = _sorted_out(ours, wanted["name"], topics)
        missing = [topic for topic in topics if topic not in kept and topic not in mended]
        work: dict[str, list[Any]] = {
            "create": [wanted | {"topic": topic} for topic in missing],
            "update": [wanted | {"id": ident} for ident in mended.values()],
            "delete": strays,
        }
        answers: dict[str, list[Any]] = {"create": [], "update": []}
        for part in _parts(work):
            told = shop.post("webhooks/batch", part)
            for name in answers:
                answers[name] += _results(told, name, len(part.get(name, ())))
        plugin = set_up(shop, address, secret)
    problems = [
        f"{topic}: {told['error'].get('message')}"
        for topic, told in zip(
            [*missing, *mended], answers["create"] + answers["update"], strict=True
        )
        if "error" in told
    ]
    failed = {problem.partition(":")[0] for problem in problems}
    made = tuple(topic for topic in (*missing, *mended) if topic not in failed)
    return Registered(made, tuple(kept), (*problems, *plugin))


def _sorted_out(
    ours: list[Any], name: str, topics: tuple[str, ...]
) -> tuple[dict[str, int], dict[str, int], list[int]]:
    """By topic, those that stand as they should and those to be mended; and the ids of strays."""
    kept: dict[str, int] = {}
    mended: dict[str, int] = {}
    # Whichever stands well already is the one to keep of two.
    ours = sorted(ours, key=lambda one: (not _stands(one, name), one["id"]))
    strays = []
    for one in ours:
        topic = one.get("topic")
        if topic not in topics or topic in kept or topic in mended:
            strays.append(one["id"])
        elif _stands(one, name):
            kept[topic] = one["id"]
        else:
            mended[topic] = one["id"]
    return kept, mended, strays


def _stands(one: Any, name: str) -> bool:
    return bool(one.get("status") == _ACTIVE and one.get("name") == name)


def _name(secret: str) -> str:
    """What the shop's own page calls it; tells one secret from the next, which the shop never shows."""
    return f"Ripresa {mark_of(secret)}"


def _parts(work: Mapping[str, list[Any]]) -> Iterator[dict[str, list[Any]]]:
    """No more in one call than WooCommerce takes."""
    for name, some in work.items():
        for start in range(0, len(some), _BATCH):
            yield {name: some[start : start + _BATCH]}


def _results(told: Any, name: str, number: int) -> list[Any]:
    rows = told.get(name, []) if isinstance(told, dict) else None
    if not isinstance(rows, list) or len(rows) != number:
        raise ShopAway(
            say(
                "the shop answers about {name} with something else than {number} webhooks",
                name=name,
                number=number,
            )
        )
    return rows
