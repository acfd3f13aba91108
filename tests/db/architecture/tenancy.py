"""Reads the catalogue of a database and tells where it breaks promise 6: never across shops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = "shop"
# Of all ripresa's tables, those that belong to no shop: the shop itself, and what holds for all of them.
# Users work in several shops, so what proves who they are belongs to none either.
NOT_TENANTS = {
    SHOP, "install", "passkey", "one_time_secret", "recovery_code", "failed_sign_in", "signed_in",
}  # fmt: skip
# Tables of Django's own, for signing in; they hold nothing of a shop's customers.
FOREIGN_PREFIXES = ("auth_", "django_")
# Their shop comes from a verified key or from a row that has the constraint: one look-up a row less.
SHOP_UNCHECKED = {
    "inbox", "pending_order_key", "cart_activity", "decision", "coupon_code", "order_credit",
}  # fmt: skip
# The tick asks which shops have due rows, and signing in which shops somebody works in. No other index
# begins with anything but the shop.
WITHOUT_SHOP = re.compile(r".*_anywhere|membership_user_id_[0-9a-f]+")

_COLUMNS = """
SELECT c.relname, a.attname, a.attnotnull
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = current_schema()
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
 ORDER BY c.relname, a.attnum
"""
_INDEXES = """
SELECT t.relname, c.relname, i.indisunique, i.indisprimary,
       array(SELECT pg_get_indexdef(i.indexrelid, position, true)
               FROM generate_series(1, i.indnkeyatts) AS position)
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_class AS t ON t.oid = i.indrelid
  JOIN pg_namespace AS n ON n.oid = t.relnamespace AND n.nspname = current_schema()
 ORDER BY t.relname, c.relname
"""
_REFERENCES = """
SELECT t.relname, k.conname, target.relname, k.confdeltype::text,
       array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS own (number, position)
               JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = own.number
              ORDER BY own.position),
       array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS own (number, position)
               JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = own.number
              ORDER BY own.position)
  FROM pg_constraint AS k
  JOIN pg_class AS t ON t.oid = k.conrelid
  JOIN pg_class AS target ON target.oid = k.confrelid
  JOIN pg_namespace AS n ON n.oid = t.relnamespace AND n.nspname = current_schema()
 WHERE k.contype = 'f'
 ORDER BY t.relname, k.conname
"""
_SETS_NULL = {"n", "d"}  # pg_constraint.confdeltype: SET NULL, SET DEFAULT


def breaches(connection: Any) -> list[str]:
    """Every place at which the database could mix shops, or could not be spread over machines."""
    tables = _tables(connection)
    tenants = {table for table, columns in tables.items() if "shop_id" in columns}
    return [
        *_without_shop(tables, tenants),
        *_bad_keys(connection, tenants),
        *_bad_references(connection, tenants),
        *_missing_references(connection),
    ]


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _tables(connection: Any) -> dict[str, dict[str, bool]]:
    tables: dict[str, dict[str, bool]] = {}
    for table, column, is_filled in _rows(connection, _COLUMNS):
        tables.setdefault(table, {})[column] = is_filled
    return tables


def tenant_tables(connection: Any) -> set[str]:
    """The tables that hold rows of shops."""
    return {table for table, columns in _tables(connection).items() if "shop_id" in columns}


def _without_shop(tables: dict[str, dict[str, bool]], tenants: set[str]) -> Iterator[str]:
    for table, columns in tables.items():
        if (
            table not in tenants
            and table not in NOT_TENANTS
            and not table.startswith(FOREIGN_PREFIXES)
        ):
            yield f"{table}: has no shop_id"
        if table in tenants and not columns["shop_id"]:
            yield f"{table}: shop_id may be null"


def _bad_keys(connection: Any, tenants: set[str]) -> Iterator[str]:
    keyed = set()
    for table, index, is_unique, is_primary, columns in _rows(connection, _INDEXES):
        if table not in tenants:
            continue
        if is_primary:
            keyed.add(table)
        if columns[0] != "shop_id" and (is_unique or not WITHOUT_SHOP.fullmatch(index)):
            yield f"{table}: index {index} does not begin with shop_id"
        if columns == ["shop_id"] and not is_primary:
            yield f"{table}: index {index} repeats what the primary key begins with"
    yield from (f"{table}: has no primary key" for table in sorted(tenants - keyed))


def _bad_references(connection: Any, tenants: set[str]) -> Iterator[str]:
    bound = set()
    for table, name, target, on_delete, own, theirs in _rows(connection, _REFERENCES):
        if table not in tenants:
            if target in tenants:
                yield f"{table}: {name} points into a shop from outside"
            continue
        if on_delete in _SETS_NULL:
            yield f"{table}: {name} sets null on delete, which would empty shop_id as well"
        if target == SHOP and (own, theirs) == (["shop_id"], ["id"]):
            bound.add(table)
        elif target not in tenants:
            yield f"{table}: {name} leads to {target}, which is no table of a shop"
        elif own[0] != "shop_id" or theirs[0] != "shop_id":
            yield f"{table}: {name} does not begin with shop_id on both sides"
    yield from (
        f"{table}: shop_id is no foreign key" for table in sorted(tenants - bound - SHOP_UNCHECKED)
    )


def _missing_references(connection: Any) -> Iterator[str]:
    """Relations that a model declares over (shop_id, x_id) and the database does not know."""
    laid = {
        (table, tuple(own), target, tuple(theirs))
        for table, _, target, _, own, theirs in _rows(connection, _REFERENCES)
    }
    for model in apps.get_models():
        for relation in model._meta.local_fields + model._meta.private_fields:
            if type(relation) is not models.ForeignObject:
                continue
            own, theirs = zip(
                *((mine.column, other.column) for mine, other in relation.related_fields),
                strict=True,
            )
            target = relation.remote_field.model._meta.db_table
            if (model._meta.db_table, own, target, theirs) not in laid:
                yield f"{model._meta.db_table}: {relation.name} has no foreign key in the database"
