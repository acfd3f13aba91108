"""The world at T0, and clients with keys of its shops."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from ripresa.domain.shops.models import Shop
from ripresa.usecases.shops.api_keys import SCOPES, add_api_key
from tests.api_rows import make_rows
from tests.rows import T0
from tests.world import World, build_world

ROOT = "/api/v1"


class Caller:
    """A program with a key; it sends and reads JSON."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._client = Client(raise_request_exception=False)

    def get(self, path: str, **query: Any):
        return self._client.get(self._full(path), query, headers=self._headers())

    def post(self, path: str, body: Any = None, **about: str):
        return self.send("post", path, body, **about)

    def put(self, path: str, body: Any = None, **about: str):
        return self.send("put", path, body, **about)

    def send(self, method: str, path: str, body: Any = None, *, kind: str = "application/json"):
        """`body`: bytes or text as they are, anything else as JSON, None: none."""
        raw = body if isinstance(body, (bytes, str)) else "" if body is None else json.dumps(body)
        return self._client.generic(
            method.upper(), self._full(path), raw, content_type=kind, headers=self._headers()
        )

    def pages(self, path: str, **query: Any) -> Iterator[dict]:
        """Every item of a list, page by page."""
        answer = self.get(path, **query).json()
        yield from answer["items"]
        while answer["next"] is not None:
            answer = self.get(answer["next"]).json()
            yield from answer["items"]

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"} if self.key else {}

    def _full(self, path: str) -> str:
        return path if path.startswith("/api") else f"{ROOT}{path}"


def key_of(shop: Shop, *scopes: str) -> str:
    return add_api_key(shop=shop, scopes=scopes or SCOPES, label="a test", now=T0).text


def ids_of(world: World) -> dict[str, str]:
    """An id of Ada's shop for every parameter of a path, of rows written now."""
    made = make_rows(world, T0)
    return {"number": "1", **{name: str(row) for name, row in made.ids.items()}}


@pytest.fixture
def world(db) -> Iterator[World]:
    with time_machine.travel(T0, tick=False):
        yield build_world()


@pytest.fixture
def ada(world: World) -> Caller:
    """A key of Ada's shop with every scope."""
    return Caller(key_of(world.shop))


@pytest.fixture
def dan(world: World) -> Caller:
    """The same of Dan's."""
    return Caller(key_of(world.other_shop))


@pytest.fixture
def rows(world: World) -> dict[str, str]:
    return ids_of(world)
