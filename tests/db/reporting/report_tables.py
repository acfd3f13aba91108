"""What the tables of figures hold, to compare one way of counting with another."""

from django.db import connection

TABLES = (
    "order_credit",
    "report_messages",
    "report_credits",
    "report_sales",
    "report_abandonments",
)


def report_rows(shop_id):
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE shop_id = %s", [shop_id]
            )
            found[table] = sorted(row for (row,) in cursor.fetchall())
    return found


def forget(shop_id):
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE shop_id = %s", [shop_id])
