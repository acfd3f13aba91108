"""Orders with what earned them, and the story of one, as CSV and Parquet."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponseBase
from ninja import Query, Router

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.problems import NotFound
from ripresa.api.reports.asking import (
    CSV_OUT,
    PARQUET_OUT,
    Chosen,
    answer_csv,
    answer_parquet,
    chosen,
)
from ripresa.usecases.reporting.orders import every_credit, explain_order, find_order
from ripresa.usecases.reporting.telling import csv_of_credits, csv_of_story

router = Router(tags=["reports"])


@router.get(
    "/reports/orders.csv", auth=READ, operation_id="report_orders_csv", openapi_extra=CSV_OUT
)
def get_orders_csv(request: ApiRequest, asked: Query[Chosen]) -> HttpResponseBase:
    """Every share of the orders of some days that count; what else is chosen leaves those it earned."""
    return answer_csv(*_orders(request, asked))


@router.get(
    "/reports/orders.parquet",
    auth=READ,
    operation_id="report_orders_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_orders_parquet(request: ApiRequest, asked: Query[Chosen]) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    return answer_parquet(*_orders(request, asked))


@router.get(
    "/reports/orders/{order_id}.csv",
    auth=READ,
    operation_id="report_order_csv",
    openapi_extra=CSV_OUT,
)
def get_order_csv(request: ApiRequest, order_id: UUID) -> HttpResponseBase:
    """Who earned an order and why, as CSV: a line for each touchpoint."""
    return answer_csv(*_story(request, order_id))


@router.get(
    "/reports/orders/{order_id}.parquet",
    auth=READ,
    operation_id="report_order_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_order_parquet(request: ApiRequest, order_id: UUID) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    return answer_parquet(*_story(request, order_id))


def _orders(request: ApiRequest, asked: Chosen) -> tuple[Iterator[list[str]], str]:
    wanted = chosen(request, asked)
    lines = csv_of_credits(every_credit(request.shop.id, wanted))
    return lines, f"orders-{wanted.begin}-{wanted.end}"


def _story(request: ApiRequest, order_id: UUID) -> tuple[Iterator[list[str]], str]:
    order = find_order(request.shop.id, str(order_id))
    if order is None or order.currency is None:
        raise NotFound("order")
    return csv_of_story(explain_order(order)), f"order-{order.number or order.id}"
