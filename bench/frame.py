"""What every stage stands on: a throw-away database with one shop, shipped defaults, nothing switched off."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".dev" / "bench"


@contextmanager
def shop_database() -> Iterator[int]:
    """Django on a throw-away database with our tables; yields the id of its shop."""
    os.environ["RIPRESA_HOME"] = tempfile.mkdtemp(prefix="ripresa-bench-")
    from ripresa.core.embedded.database import embedded_database
    from ripresa.core.throwaway import throwaway_database
    from ripresa.entrypoints.blank_database import blank_database

    with (
        embedded_database(HOME) as url,
        throwaway_database(url, template=blank_database(url)) as own,
    ):
        from ripresa.entrypoints.cli import home

        home.set_up(own)
        from django.db import connections

        from ripresa.domain.shops.models import Shop

        shop = Shop.objects.create(
            slug="bench",
            name="Bench",
            volume_limit=1_000_000_000,  # the breaker counts, and never holds
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        try:
            yield shop.id
        finally:
            connections["default"].close()
            connections["default"].close_pool()
