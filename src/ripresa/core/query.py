"""Run a named statement over Django's connection: `run("ripresa.domain.carts", "due", shop_id=1)`."""

from typing import Any

from django.db import connection

from ripresa.core.sql import statement


def run(package: str, name: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of `<package>/sql/<name>.sql`; an empty list where it returns none."""
    with connection.cursor() as cursor:
        cursor.execute(statement(package, name), values)
        return cursor.fetchall() if cursor.description else []
