"""The server: GraphQL executed against the schema, tokens, the leaky bucket, bulk operations and faults.

    with ShopifyShop() as shop:
        shop.orders.append(order(1001))
        list(CONNECTOR.ask(shop.settings, since))

`shop.faults` are answers to be given first, in order; `shop.denied` are names of fields the app may not read.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from graphql import GraphQLError, build_schema, graphql_sync

from tests.scripted_http import Heard, Said, ScriptedApi
from tests.shopify.cost import MOST, Costs
from tests.shopify.shelf import Shelf, jsonl

SCHEMA = build_schema((Path(__file__).parent / "schema.graphql").read_text())
COSTS = Costs(SCHEMA)
SHOP = "wines.myshopify.com"


class ShopifyShop(Shelf):
    """The shop wines.myshopify.com; ends with its `with`."""

    def __init__(self) -> None:
        super().__init__()
        self._api = ScriptedApi(self._answer)
        self.faults: list[Any] = []
        self.denied: set[str] = set()
        self.tokens = {"shpat_ever"}
        self.grants: list[dict] = []  # what was asked at the token end point
        self.refused_grant = False
        self.available, self.restore_rate = 1e6, 100.0
        self.throttled = self.too_costly = 0

    @property
    def settings(self) -> dict[str, str]:
        return {
            "shop": SHOP, "client_secret": "s3cret", "old_client_secret": "", "client_id": "",
            "access_token": "shpat_ever", "auth": "", "currency": "EUR", "restore_by": "cart",
            "storefront": "", "api_url": self.url,
        }  # fmt: skip

    @property
    def url(self) -> str:
        return self._api.url

    @property
    def asked(self) -> list[str]:
        """The documents that came, in order."""
        return [heard.json["query"] for heard in self._api.heard if "graphql" in heard.path]

    @property
    def sizes(self) -> list[int]:
        """How many things were asked for at once, wherever that was said."""
        said = [heard.json["variables"] for heard in self._api.heard if "graphql" in heard.path]
        return [each["first"] for each in said if "first" in each]

    def __enter__(self) -> Self:
        self._api.__enter__()
        return self

    def __exit__(self, *caught: object) -> None:
        self._api.__exit__(*caught)

    def _answer(self, heard: Heard) -> Any:
        if self.faults and (fault := self.faults.pop(0)) is not None:
            return fault
        if heard.path == "/admin/oauth/access_token":
            return self._grant(heard.json)
        if heard.path.startswith("/bulk/"):
            return Said(200, self.files[heard.path])
        if heard.path != "/admin/api/2026-10/graphql.json":
            return Said(404, {"errors": "Not Found"})
        if heard.headers.get("x-shopify-access-token") not in self.tokens:
            return Said(401, {"errors": "[API] Invalid API key or access token"})
        return Said(200, self._run(heard.json))

    def _grant(self, asked: Mapping[str, str]) -> Said:
        self.grants.append(dict(asked))
        if self.refused_grant:
            return Said(400, {"error": "invalid_client"})
        token = f"shpat_{len(self.grants)}"
        self.tokens = {token}
        told = {"access_token": token, "scope": "read_orders,write_discounts"}
        if asked.get("grant_type") == "client_credentials":
            return Said(200, {**told, "expires_in": 86399})
        return Said(200, {**told, "expires_in": 3600, "refresh_token": f"shprt_{len(self.grants)}"})

    def _run(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        asked_cost = COSTS.of(asked["query"], asked["variables"])
        if asked_cost > MOST:
            self.too_costly += 1
            error = {
                "message": f"Query cost is {asked_cost}",
                "extensions": {"code": "MAX_COST_EXCEEDED"},
            }
            return {"errors": [error]}
        if self.available < asked_cost:
            self.throttled += 1
            cost = self._cost(asked_cost, None)
            self.available += self.restore_rate  # time passes while the client waits
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [error], "extensions": {"cost": cost}}
        self.available -= asked_cost
        result = graphql_sync(SCHEMA, asked["query"], self, variable_values=asked["variables"],
                              field_resolver=self._resolve)  # fmt: skip
        told: dict[str, Any] = {
            "data": result.data,
            "extensions": {"cost": self._cost(asked_cost, asked_cost)},
        }
        if result.errors:
            told["errors"] = [error.formatted for error in result.errors]
        return json.loads(json.dumps(told))

    def in_bulk(self, query: str) -> bytes | None:
        result = graphql_sync(SCHEMA, query, self, field_resolver=self._resolve)
        return None if result.errors else jsonl(result.data)

    def _cost(self, asked: int, actual: int | None) -> dict[str, Any]:
        return {
            "requestedQueryCost": asked,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": 2000.0,
                "currentlyAvailable": self.available,
                "restoreRate": self.restore_rate,
            },
        }

    def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        if info.field_name in self.denied:
            raise GraphQLError(
                f"Access denied for {info.field_name} field.", extensions={"code": "ACCESS_DENIED"}
            )
        if source is self:
            return getattr(self, f"on_{info.field_name}")(**arguments)
        value = source.get(info.field_name)
        if str(info.return_type).rstrip("!").endswith("Connection") and isinstance(value, list):
            return self.page(value, arguments.get("first"), arguments.get("after"))
        return value() if callable(value) else value
