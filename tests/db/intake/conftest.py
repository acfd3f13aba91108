"""A migrated database of its own for each test of the intake, with Ada's shop and its keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from ripresa.core.throwaway import throwaway_database
from ripresa.entrypoints.blank_database import blank_database
from tests.intake_server import IntakeServer, intake_server

SECRET = "rk_1_ada0secret0key"
PUBLIC = "pk_1_ada0public0key"

_SHOP = """
INSERT INTO shop (id, slug, name, store_url, hosts, address, owner_email, currency, timezone, country, language,
                  abandoned_after, expires_after, min_gap, collect_enabled, created_at, retention)
VALUES (%(id)s, 'shop' || %(id)s, 'Ada', '', %(hosts)s, '', '', 'EUR', 'Europe/Rome', 'IT', 'it',
        '1 hour', '30 days', '0', true, '2026-01-01T00:00:00Z', '{}')
"""
_KEY = """
INSERT INTO access_key (shop_id, id, kind, digest, source, label, rate_per_second, created_at, revoked_at)
VALUES (%(shop_id)s, %(id)s, %(kind)s, %(digest)s, 'shop', '', %(rate)s, '2026-01-01T00:00:00Z', %(revoked_at)s)
"""


@dataclass(frozen=True, slots=True)
class IntakeDatabase:
    """A database with shop 1, whose keys are SECRET and PUBLIC."""

    dsn: str

    def run(self, sql: str, values: Any = None) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def add_shop(self, shop_id: int, hosts: list[str]) -> None:
        self.run(_SHOP, {"id": shop_id, "hosts": hosts})

    def add_key(
        self, text: str, *, rate: int = 100_000, kind: str | None = None, revoked_at: Any = None
    ) -> None:
        values = {
            "shop_id": int(text.split("_")[1]),
            "id": uuid4(),
            "kind": kind or {"rk": "secret", "pk": "public"}[text[:2]],
            "digest": sha256(text.encode()).digest(),
            "rate": rate,
            "revoked_at": revoked_at,
        }
        self.run(_KEY, values)

    def count(self) -> int:
        return self.run("SELECT count(*) FROM inbox")[0][0]


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str) -> str:
    """The name of a database with our tables: a template for the tests'."""
    return blank_database(postgres_url)


@contextmanager
def intake_database(postgres_url: str, template: str) -> Iterator[IntakeDatabase]:
    """A copy of the migrated database, with shop 1 and its keys."""
    with throwaway_database(postgres_url, template=template) as dsn:
        database = IntakeDatabase(dsn)
        database.add_shop(1, ["shop.test"])
        database.add_key(SECRET)
        database.add_key(PUBLIC)
        yield database


@pytest.fixture
def database(postgres_url: str, migrated_database: str) -> Iterator[IntakeDatabase]:
    with intake_database(postgres_url, migrated_database) as database:
        yield database


@pytest.fixture
def server(database: IntakeDatabase) -> Iterator[IntakeServer]:
    """The intake of `database`, serving; requests carry the secret key."""
    with intake_server(database.dsn, key=SECRET) as server:
        yield server
