"""Addresses of reports."""

from django.urls import path

from ripresa.console.reports import by_mail, orders, tables, views

urlpatterns = [
    path("", views.report, name="reports"),
    path("figures.csv", views.figures_csv, name="reports-csv"),
    path("figures.parquet", views.figures_parquet, name="reports-parquet"),
    path("orders/", orders.order_list, name="reports-orders"),
    *(
        path(f"{table}.{ending}", view(table), name=f"reports-{table}-{ending}")
        for table in tables.TABLES
        for ending, view in (("csv", tables.as_csv), ("parquet", tables.as_parquet))
    ),
    path("orders.csv", orders.orders_csv, name="reports-orders-csv"),
    path("orders.parquet", orders.orders_parquet, name="reports-orders-parquet"),
    path("orders/<uuid:order_id>/", orders.story, name="reports-order"),
    path("orders/<uuid:order_id>.csv", orders.story_csv, name="reports-order-csv"),
    path("orders/<uuid:order_id>.parquet", orders.story_parquet, name="reports-order-parquet"),
    path("by-mail/", by_mail.by_mail, name="reports-by-mail"),
    path("definitions/", views.definitions_page, name="reports-definitions"),
    path("anyway/", views.anyway, name="reports-anyway"),
    path("anyway.csv", views.anyway_csv, name="reports-anyway-csv"),
    path("anyway.parquet", views.anyway_parquet, name="reports-anyway-parquet"),
    path("tests/", views.tests, name="reports-tests"),
    path("tests.csv", views.tests_csv, name="reports-tests-csv"),
    path("tests.parquet", views.tests_parquet, name="reports-tests-parquet"),
    path("proof/", views.proof, name="reports-proof"),
    path("proof.csv", views.proof_csv, name="reports-proof-csv"),
    path("proof.parquet", views.proof_parquet, name="reports-proof-parquet"),
]
