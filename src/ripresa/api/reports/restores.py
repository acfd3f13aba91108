"""Whether restore links lead back into the shop."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.reports.asking import (
    CSV_OUT,
    PARQUET_OUT,
    Days,
    answer_csv,
    answer_parquet,
    span,
)
from ripresa.usecases.reporting import telling
from ripresa.usecases.reporting.restores import restores

router = Router(tags=["reports"])


class RestoresRow(BaseModel):
    """Links about carts of one `source`: a connection (its `platform`), or what else told of them."""

    source: str
    platform: str
    restore_followed: int
    restore_back: int
    restore_rate: float


class RestoresShape(BaseModel):
    """By where carts come from; `/reports/definitions` says what each figure counts, and for how long."""

    begin: date
    until: date
    rows: list[RestoresRow]


@router.get("/reports/restores", response=RestoresShape, auth=READ, operation_id="report_restores")
def get_restores(request: ApiRequest, asked: Query[Days]) -> dict[str, Any]:
    """How many restore links were followed, and after how many the shop told of that cart or an order."""
    begin, end = span(request, asked)
    found = restores(request.shop, begin, end, now=request.now)
    return {"begin": begin, "until": end, "rows": telling.tell_restores(found)}


@router.get(
    "/reports/restores.csv", auth=READ, operation_id="report_restores_csv", openapi_extra=CSV_OUT
)
def get_restores_csv(request: ApiRequest, asked: Query[Days]) -> HttpResponseBase:
    """The same as CSV."""
    begin, end = span(request, asked)
    found = restores(request.shop, begin, end, now=request.now)
    return answer_csv(telling.csv_of_restores(found), f"restores-{begin}-{end}")


@router.get(
    "/reports/restores.parquet",
    auth=READ,
    operation_id="report_restores_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_restores_parquet(request: ApiRequest, asked: Query[Days]) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    begin, end = span(request, asked)
    found = restores(request.shop, begin, end, now=request.now)
    return answer_parquet(telling.csv_of_restores(found), f"restores-{begin}-{end}")
