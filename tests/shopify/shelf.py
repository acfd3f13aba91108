"""What stands in the shop, and what becomes of it when somebody asks or changes something."""

import json
import re
from datetime import datetime
from itertools import count
from typing import Any

from tests.shopify.nodes import at, customer

_TERM = re.compile(r"(\w+):'((?:[^'\\]|\\.)*)'")
_CHANGED = re.compile(r"updated_at:>='([^']+)'")


class Shelf:
    """Resolvers of Query and Mutation: `on_` and the field's name."""

    url: str

    def __init__(self) -> None:
        self.orders: list[dict] = []
        self.checkouts: list[dict] = []
        self.customers: list[dict] = [customer()]
        self.things: dict[str, dict] = {}  # variants and products, by id
        self.scopes = ["read_orders", "read_customers", "read_products", "write_discounts"]
        self.currency = "EUR"
        self.webhooks: list[dict] = []
        self.unwanted_topics: set[str] = set()
        self.discounts: dict[str, dict] = {}
        self.taken: dict[str, str] = {}  # codes that stand already, and the title they stand under
        self.additions: dict[str, dict] = {}
        self.bulks: list[dict] = []
        self.takes_bulk = True
        self.looks_until_ready = 1
        self.files: dict[str, bytes] = {}
        self.reminded: list[dict] = []
        self._ids = count(1)

    # --- reading

    def page(self, nodes: list, first: int | None, after: str | None) -> dict[str, Any]:
        start = int(after) + 1 if after else 0
        end = len(nodes) if first is None else start + first
        some = nodes[start:end]
        return {
            "nodes": some,
            "edges": [{"cursor": str(start + i), "node": node} for i, node in enumerate(some)],
            "pageInfo": {
                "hasNextPage": end < len(nodes), "hasPreviousPage": start > 0,
                "endCursor": str(start + len(some) - 1) if some else None,
            },
        }  # fmt: skip

    def on_orders(self, first=None, after=None, query="", **_: Any) -> dict:
        return self.page(_changed(self.orders, query), first, after)

    def on_abandonedCheckouts(self, first=None, after=None, query="", **_: Any) -> dict:  # noqa: N802
        found = self.reminded if "email_state" in (query or "") else self.checkouts
        return self.page(_changed(found, query), first, after)

    def on_customers(self, first=None, after=None, query="", **_: Any) -> dict:
        return self.page(_changed(self.customers, query), first, after)

    def on_nodes(self, ids: list[str]) -> list:
        return [self.things.get(each) for each in ids]

    def on_shop(self) -> dict:
        return {"currencyCode": self.currency}

    def on_currentAppInstallation(self) -> dict:  # noqa: N802
        return {"accessScopes": [{"handle": scope} for scope in self.scopes]}

    # --- webhooks

    def on_webhookSubscriptions(self, first=None, after=None) -> dict:  # noqa: N802
        return self.page(self.webhooks, first, after)

    def on_webhookSubscriptionCreate(self, topic: str, webhookSubscription: dict) -> dict:  # noqa: N802, N803
        if topic in self.unwanted_topics:
            return {
                "userErrors": [
                    {"message": "You cannot create a webhook subscription with this topic"}
                ]
            }
        made = {"id": f"gid://shopify/WebhookSubscription/{next(self._ids)}", "topic": topic,
                "uri": webhookSubscription["uri"]}  # fmt: skip
        self.webhooks.append(made)
        return {"webhookSubscription": made, "userErrors": []}

    def on_webhookSubscriptionDelete(self, id: str) -> dict:  # noqa: A002, N802
        self.webhooks = [each for each in self.webhooks if each["id"] != id]
        return {"deletedWebhookSubscriptionId": id, "userErrors": []}

    # --- discounts

    def on_codeDiscountNodeByCode(self, code: str) -> dict | None:  # noqa: N802
        for gid, discount in self.discounts.items():
            if code in discount["uses"]:
                codes = [{"id": code, "code": code, "asyncUsageCount": discount["uses"][code]}]
                told = {
                    "__typename": "DiscountCodeBasic",
                    "status": "ACTIVE",
                    **discount,
                    "codes": codes,
                }
                return {"id": gid, "codeDiscount": told}
        return None

    def on_discountCodeBasicCreate(self, basicCodeDiscount: dict) -> dict:  # noqa: N802, N803
        if self.on_codeDiscountNodeByCode(basicCodeDiscount["code"]):
            taken = {"field": ["code"], "message": "Code must be unique", "code": "TAKEN"}
            return {"codeDiscountNode": None, "userErrors": [taken]}
        gid = f"gid://shopify/DiscountCodeNode/{next(self._ids)}"
        self.discounts[gid] = {**basicCodeDiscount, "uses": {basicCodeDiscount["code"]: 0}}
        return {"codeDiscountNode": {"id": gid}, "userErrors": []}

    def on_discountRedeemCodeBulkAdd(self, discountId: str, codes: list[dict]) -> dict:  # noqa: N802, N803
        told = []
        for each in codes:
            code = each["code"]
            if self.on_codeDiscountNodeByCode(code):
                errors = [{"message": "Code must be unique"}]
                told.append({"code": code, "errors": errors, "discountRedeemCode": None})
                continue
            self.discounts[discountId]["uses"][code] = 0
            told.append({"code": code, "errors": [], "discountRedeemCode": {"id": code}})
        gid = f"gid://shopify/DiscountRedeemCodeBulkCreation/{next(self._ids)}"
        self.additions[gid] = {"id": gid, "looks": 0, "codes": told}
        return {"bulkCreation": {"id": gid}, "userErrors": []}

    def on_discountRedeemCodeBulkCreation(self, id: str) -> dict:  # noqa: A002, N802
        addition = self.additions[id]
        addition["looks"] -= 1
        return {"id": id, "done": addition["looks"] < 0, "codes": addition["codes"]}

    # --- bulk operations

    def on_currentBulkOperation(self, **_: Any) -> dict | None:  # noqa: N802
        return self.bulks[-1] if self.bulks else None

    def on_bulkOperationRunQuery(self, query: str, **_: Any) -> dict:  # noqa: N802
        if not self.takes_bulk:
            return {
                "bulkOperation": None,
                "userErrors": [{"message": "Bulk queries are not for this"}],
            }
        made = {"__typename": "BulkOperation", "id": f"gid://shopify/BulkOperation/{next(self._ids)}",
                "status": "CREATED", "query": query, "createdAt": at(60), "looks": self.looks_until_ready,
                "url": None, "errorCode": None}  # fmt: skip
        self.bulks.append(made)
        return {"bulkOperation": made, "userErrors": []}

    def on_node(self, id: str) -> dict | None:  # noqa: A002
        checkout = next((each for each in self.checkouts if each["id"] == id), None)
        if checkout is not None:
            return {"__typename": "AbandonedCheckout", **checkout}
        found = next((each for each in self.bulks if each["id"] == id), None)
        if found is not None and found["status"] in {"CREATED", "RUNNING"}:
            found["looks"] -= 1
            found["status"] = "RUNNING"
            if found["looks"] <= 0:
                self._finish(found)
        return found

    def _finish(self, bulk: dict) -> None:
        result = self.in_bulk(bulk["query"])
        if result is None:
            bulk |= {"status": "FAILED", "errorCode": "ACCESS_DENIED"}
            return
        path = f"/bulk/{bulk['id'].rpartition('/')[2]}.jsonl"
        self.files[path] = result
        bulk |= {"status": "COMPLETED", "url": self.url + path if result else None}

    def in_bulk(self, query: str) -> bytes | None:
        """The file of a bulk query; None: it asks for something that the app may not read."""
        raise NotImplementedError


def jsonl(data: dict) -> bytes:
    """What a bulk operation writes, with its objects grouped: each line of a checkout behind it."""
    rows = []
    [connection] = data.values()
    for edge in connection["edges"]:
        node = edge["node"]
        children = node.pop("lineItems", {"edges": []})["edges"]
        rows.append(node)
        rows += [{**child["node"], "__parentId": node["id"]} for child in children]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _changed(nodes: list[dict], query: str | None) -> list[dict]:
    """The part of Shopify's search that we use: `updated_at:>='…'`, and terms with OR between them."""
    found = _CHANGED.search(query or "")
    since = datetime.fromisoformat(found[1]) if found else None
    terms = {(name, value.replace("\\'", "'")) for name, value in _TERM.findall(query or "")}
    return [
        node for node in nodes
        if (since is None or datetime.fromisoformat(node["updatedAt"]) >= since)
        and (not terms or terms & _terms_of(node))
    ]  # fmt: skip


def _terms_of(node: dict) -> set[tuple[str, str]]:
    number = node["id"].rpartition("/")[2]
    whose = (node.get("customer") or {}).get("id", "").rpartition("/")[2]
    phone = (node.get("defaultPhoneNumber") or {}).get("phoneNumber", "")
    return {
        ("id", number), ("email", node.get("email") or ""), ("customer_id", whose), ("phone", phone),
        ("cart_token", node.get("cartToken") or ""), ("checkout_token", node.get("checkoutToken") or ""),
    }  # fmt: skip
