"""Figures of messages, of what they earned, and of what came back."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.values import Amount
from ripresa.api.reports.asking import (
    CSV_OUT,
    PARQUET_OUT,
    Days,
    Wanted,
    WantedByModel,
    answer_csv,
    answer_parquet,
    dimensions,
    only,
    span,
)
from ripresa.domain.attribution.definitions import NOTE, definitions
from ripresa.domain.attribution.rolling import counted_until, settings_of
from ripresa.usecases.reporting import telling
from ripresa.usecases.reporting.figures import table
from ripresa.usecases.reporting.names import Names
from ripresa.usecases.reporting.orders import side_by_side
from ripresa.usecases.reporting.recovery import buyers, recovery

router = Router(tags=["reports"])


class FiguresShape(BaseModel):
    """Figures of one group; `/reports/definitions` says what each counts."""

    sent: int
    delivered: int
    opened: int
    clicked: int
    unsubscribed: int
    bounced: int
    complained: int
    click_rate: float | None
    orders: int
    coupon_orders: int
    revenue: list[Amount]
    coupon_cost: list[Amount]
    message_cost: list[Amount]
    profit: list[Amount]


class RowShape(BaseModel):
    """A group: what tells it apart, in words, and its figures."""

    key: dict[str, str]
    figures: FiguresShape


class TableShape(BaseModel):
    """Rows with their total. `as_of`: all until then.

    `of_agents`: what an agent's contact earned, apart; `rows_of_agents`: the same, by what was asked for.
    """

    begin: date
    until: date
    as_of: datetime | None
    model: str
    rows: list[RowShape]
    of_agents: FiguresShape
    rows_of_agents: list[RowShape]
    total: FiguresShape


class RecoveryFigures(BaseModel):
    """What was left behind, what came back, and all that was sold. Shares by currency."""

    begin: date
    until: date
    as_of: datetime | None
    abandoned: int
    recovered: int
    recovery_rate: float | None
    hours_to_recover: float | None
    causes: dict[str, int]
    all_orders: int
    customers: int
    repeat_customers: int
    abandoned_value: list[Amount]
    recovered_revenue: list[Amount]
    all_revenue: list[Amount]
    refunded: list[Amount]
    value_share: dict[str, float]
    revenue_share: dict[str, float]


class ModelsRow(BaseModel):
    """What a group earned under each model. `earned_by` nobody: orders that came by themselves."""

    key: dict[str, str]
    earned_by: str
    currency: str
    orders: int
    revenue: dict[str, str]


class ModelsShape(BaseModel):
    """All models side by side; `note` says what none of them can tell."""

    begin: date
    until: date
    rows: list[ModelsRow]
    note: str


class DefinitionShape(BaseModel):
    """What a figure counts, by which date, and by which statements (`sql` beside the code that counts)."""

    name: str
    title: str
    meaning: str
    dated: str
    counted_by: list[str]


@router.get("/reports/figures", response=TableShape, auth=READ, operation_id="report_figures")
def get_figures(request: ApiRequest, asked: Query[WantedByModel]) -> dict[str, Any]:
    """Messages, what became of them and what they earned, by whatever is asked for (RPT-3)."""
    chosen = only(request, asked)
    shop_id = request.shop.id
    found = table(shop_id, chosen, by=dimensions(asked), model=asked.model)
    told = telling.tell_table(found, Names.of(shop_id))
    return {**_dated(request, chosen.begin, chosen.end), **told}


@router.get(
    "/reports/figures.csv", auth=READ, operation_id="report_figures_csv", openapi_extra=CSV_OUT
)
def get_figures_csv(request: ApiRequest, asked: Query[WantedByModel]) -> HttpResponseBase:
    """The same as CSV: a line for each group and currency; every column can be summed up."""
    chosen = only(request, asked)
    shop = request.shop
    found = table(shop.id, chosen, by=dimensions(asked), model=asked.model)
    lines = telling.csv_of_table(found, Names.of(shop.id), shop.currency)
    return answer_csv(lines, f"figures-{chosen.begin}-{chosen.end}")


@router.get(
    "/reports/figures.parquet",
    auth=READ,
    operation_id="report_figures_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_figures_parquet(request: ApiRequest, asked: Query[WantedByModel]) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    chosen = only(request, asked)
    shop = request.shop
    found = table(shop.id, chosen, by=dimensions(asked), model=asked.model)
    lines = telling.csv_of_table(found, Names.of(shop.id), shop.currency)
    return answer_parquet(lines, f"figures-{chosen.begin}-{chosen.end}")


@router.get(
    "/reports/recovery", response=RecoveryFigures, auth=READ, operation_id="report_recovery"
)
def get_recovery(request: ApiRequest, asked: Query[Days]) -> dict[str, Any]:
    """What was left behind, what of it came back and why, and its share of all revenue (RPT-2)."""
    begin, end = span(request, asked)
    shop_id = request.shop.id
    told = telling.tell_recovery(recovery(shop_id, begin, end), buyers(shop_id, begin, end))
    return {**_dated(request, begin, end), **told}


@router.get(
    "/reports/recovery.csv", auth=READ, operation_id="report_recovery_csv", openapi_extra=CSV_OUT
)
def get_recovery_csv(request: ApiRequest, asked: Query[Days]) -> HttpResponseBase:
    """The same as CSV, a line for each currency."""
    begin, end = span(request, asked)
    lines = telling.csv_of_recovery(recovery(request.shop.id, begin, end))
    return answer_csv(lines, f"recovery-{begin}-{end}")


@router.get(
    "/reports/recovery.parquet",
    auth=READ,
    operation_id="report_recovery_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_recovery_parquet(request: ApiRequest, asked: Query[Days]) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    begin, end = span(request, asked)
    lines = telling.csv_of_recovery(recovery(request.shop.id, begin, end))
    return answer_parquet(lines, f"recovery-{begin}-{end}")


@router.get("/reports/models", response=ModelsShape, auth=READ, operation_id="report_models")
def get_models(request: ApiRequest, asked: Query[Wanted]) -> dict[str, Any]:
    """All models side by side over the same orders; unfiltered, each adds up to all revenue (RPT-4)."""
    chosen = only(request, asked)
    found = side_by_side(request.shop.id, chosen, by=dimensions(asked))
    rows = telling.tell_models(found, Names.of(request.shop.id))
    return {"begin": chosen.begin, "until": chosen.end, "rows": rows, "note": NOTE}


@router.get(
    "/reports/models.csv", auth=READ, operation_id="report_models_csv", openapi_extra=CSV_OUT
)
def get_models_csv(request: ApiRequest, asked: Query[Wanted]) -> HttpResponseBase:
    """The same as CSV."""
    chosen, by = only(request, asked), dimensions(asked)
    found = side_by_side(request.shop.id, chosen, by=by)
    lines = telling.csv_of_models(found, Names.of(request.shop.id), by)
    return answer_csv(lines, f"models-{chosen.begin}-{chosen.end}")


@router.get(
    "/reports/models.parquet",
    auth=READ,
    operation_id="report_models_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_models_parquet(request: ApiRequest, asked: Query[Wanted]) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    chosen, by = only(request, asked), dimensions(asked)
    found = side_by_side(request.shop.id, chosen, by=by)
    lines = telling.csv_of_models(found, Names.of(request.shop.id), by)
    return answer_parquet(lines, f"models-{chosen.begin}-{chosen.end}")


@router.get(
    "/reports/definitions",
    response=list[DefinitionShape],
    auth=READ,
    operation_id="report_definitions",
)
def get_definitions(request: ApiRequest) -> list[dict[str, Any]]:
    """What each figure counts, by which date, and by which statements: the words of the console."""
    del request
    return [one._asdict() for one in definitions().values()]


def _dated(request: ApiRequest, begin: date, end: date) -> dict[str, Any]:
    as_of = counted_until(settings_of(request.shop.id), request.now)
    return {"begin": begin, "until": end, "as_of": as_of}
