"""Tenancy: every row belongs to a shop, every key starts with it (promise 6).

`TenantModel` gives a table its composite key; `tenant_reference` a relation over (shop_id, x_id);
`LayTenantReferences` lays the matching foreign keys, which Django can't do by itself.
"""

from typing import Any

from django.db import migrations, models


def shop_reference() -> "models.ForeignKey[Any, Any]":
    """The shop of a row. No index of its own: the primary key begins with it."""
    return models.ForeignKey("shops.Shop", models.DO_NOTHING, related_name="+", db_index=False)


def unchecked_shop() -> "models.ForeignKey[Any, Any]":
    """A shop column without a foreign key, for append-only tables on a hot path.

    Their shop comes from a verified key or from a row that has the constraint: a look-up less.
    """
    return models.ForeignKey(
        "shops.Shop", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )


class TenantModel(models.Model):
    """A table whose key is (shop_id, id): so every statement of the ORM carries the shop."""

    pk = models.CompositePrimaryKey("shop_id", "id")
    shop = shop_reference()
    id = models.UUIDField()

    class Meta:
        abstract = True


def tenant_reference(
    to: str, column: str, *, null: bool = False
) -> "models.ForeignObject[Any, Any]":
    """A relation to `to` over (shop_id, column); `column` is a UUIDField of the same model.

    `null`: there may be none, so `select_related` must not lose the row.
    """
    return models.ForeignObject(
        to,
        on_delete=models.DO_NOTHING,
        from_fields=("shop_id", column),
        to_fields=("shop_id", "id"),
        related_name="+",
        null=null,
    )


class LayTenantReferences(migrations.RunSQL):
    """Lay composite foreign keys: `references` is a list of (table, column, target table).

    No ON DELETE action: Citus refuses SET NULL, and rows are deleted by use cases that say so.
    """

    reduces_to_sql = True

    def __init__(self, references: list[tuple[str, str, str]]) -> None:
        self.references = references
        super().__init__(
            [self._lay(*reference) for reference in references],
            [self._lift(*reference) for reference in reversed(references)],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As Django wants it, to write the operation into a migration."""
        return self.__class__.__name__, [self.references], {}

    @staticmethod
    def _lay(table: str, column: str, target: str) -> str:
        return (
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_in_shop "
            f"FOREIGN KEY (shop_id, {column}) REFERENCES {target} (shop_id, id)"
        )

    @staticmethod
    def _lift(table: str, column: str, _target: str) -> str:
        return f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_in_shop"
