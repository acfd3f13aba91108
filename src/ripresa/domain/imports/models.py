"""Tables of the imports slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, tenant_reference


class FileImport(TenantModel):
    """A file of contacts, orders, carts or coupons. `manner`: how it is read; `mapping`: by which.

    waiting: not begun. running: taken in by whoever is free. stopped: by hand. failed: `trouble` says why.
    done: all rows were read. `position`: rows read so far, counted as a spreadsheet does; what they came
    to was stored in the same transaction. `rows_at`: instant that stands for rows without one.
    `good` counts people, orders or carts; `fresh` those of their events that were new; `wrong` those left
    out; `flawed` those stored without a detail. `size` and `done_bytes` of the file.

    Coupons wait for a yes and are then stored at once: for nobody else they are an import.
    """

    kind = models.TextField()
    name = models.TextField()
    digest = models.BinaryField()
    size = models.BigIntegerField(default=0)
    mapping = models.TextField(default="")
    manner = models.JSONField(default=dict)
    state = models.TextField(default="waiting")
    trouble = models.TextField(default="")
    position = models.BigIntegerField(default=0)
    done_bytes = models.BigIntegerField(default=0)
    good = models.BigIntegerField(default=0)
    wrong = models.BigIntegerField(default=0)
    flawed = models.BigIntegerField(default=0)
    fresh = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    rows_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "file_import"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["contacts", "orders", "carts", "coupons"]),
                name="file_import_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "stopped", "failed", "done"]),
                name="file_import_state",
            ),
        ]
        indexes = [
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["state"],
                condition=models.Q(state="running"),
                name="file_import_running_anywhere",
            ),
        ]


class FilePiece(models.Model):
    """A piece of a file, cut behind an end of line. Gone once all of the file is taken in."""

    pk = models.CompositePrimaryKey("shop_id", "import_id", "number")
    shop = shop_reference()
    import_id = models.UUIDField()
    file_import = tenant_reference("imports.FileImport", "import_id")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "file_piece"


class FileProblem(TenantModel):
    """What was wrong in a row. `is_lost`: it was left out; else it was stored without this."""

    import_id = models.UUIDField()
    file_import = tenant_reference("imports.FileImport", "import_id")
    row = models.BigIntegerField()
    column = models.TextField()
    code = models.TextField()
    message = models.TextField()
    is_lost = models.BooleanField()

    class Meta:
        db_table = "file_problem"
        indexes = [models.Index(fields=["shop", "import_id", "row"], name="file_problem_row")]
