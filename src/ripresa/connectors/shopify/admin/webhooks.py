"""Webhooks registered at the shop, for this connection's address alone.

Shopify removes those that failed too often without a word, so they are looked at again every hour.
Compliance topics can't be had here: they are set where the app was made.
Source: shopify.dev, apps/build/webhooks/subscribe.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ripresa.connectors.shopify.admin import changes, documents
from ripresa.connectors.shopify.admin.client import Admin, opened, problems_of
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.connector import ShopAway
from ripresa.contracts.shops.errands import Registered


def register(settings: Mapping[str, str], address: str, topics: Sequence[str]) -> Registered:
    """Have the shop call `address` about `topics`. Raises ShopAway, NotLetIn."""
    with opened(settings) as admin:
        there = _ours(admin, address)
        made, kept, problems = [], [], []
        for topic in topics:
            if there.get(_enum(topic)):
                kept.append(topic)
            elif wrong := _make(admin, topic, address):
                problems.append(f"{topic}: {wrong}")
            else:
                made.append(topic)
        wanted = {_enum(topic) for topic in topics}
        for topic, ids in there.items():
            for stray in ids[1:] if topic in wanted else ids:
                admin.run(changes.DROP_WEBHOOK, {"id": stray})
        return Registered(tuple(made), tuple(kept), tuple(problems))


def _ours(admin: Admin, address: str) -> dict[str, list[str]]:
    """The ids of the webhooks for `address`, by topic."""
    found: dict[str, list[str]] = defaultdict(list)
    after = None
    while True:
        connection = admin.run(documents.WEBHOOKS, {"after": after})["webhookSubscriptions"]
        try:
            for node in connection["nodes"]:
                if node["uri"] == address:
                    found[node["topic"]].append(node["id"])
            page = connection["pageInfo"]
            if not page["hasNextPage"]:
                return found
            after = page["endCursor"]
        except (KeyError, TypeError):
            raise ShopAway(say("Shopify answers with something else than webhooks")) from None


def _make(admin: Admin, topic: str, address: str) -> str:
    answer = admin.run(changes.MAKE_WEBHOOK, {"topic": _enum(topic), "uri": address})
    return "; ".join(problems_of(answer.get("webhookSubscriptionCreate")))


def _enum(topic: str) -> str:
    return topic.replace("/", "_").upper()
