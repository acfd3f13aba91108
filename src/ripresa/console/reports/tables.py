"""The tables of the report, each as a file: figures on top, causes, ways back, models."""

from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.reports import filters
from ripresa.console.reports.answers import parquet_answer, today
from ripresa.core.delimited.taking_away import take_away_csv
from ripresa.usecases.reporting import telling
from ripresa.usecases.reporting.figures import Only
from ripresa.usecases.reporting.names import Names
from ripresa.usecases.reporting.orders import side_by_side
from ripresa.usecases.reporting.recovery import recovery
from ripresa.usecases.reporting.restores import restores

BY = ("scenario", "channel")
View = Callable[..., HttpResponseBase]
Told = Callable[[ConsoleRequest, Only], Iterator[list[str]]]


def _recovered(request: ConsoleRequest, only: Only) -> Iterator[list[str]]:
    return telling.csv_of_recovery(recovery(request.shop.id, only.begin, only.end))


def _causes(request: ConsoleRequest, only: Only) -> Iterator[list[str]]:
    return telling.csv_of_causes(recovery(request.shop.id, only.begin, only.end))


def _restores(request: ConsoleRequest, only: Only) -> Iterator[list[str]]:
    found = restores(request.shop, only.begin, only.end, now=request.now)
    return telling.csv_of_restores(found)


def _models(request: ConsoleRequest, only: Only) -> Iterator[list[str]]:
    found = side_by_side(request.shop.id, only, by=BY, zone=ZoneInfo(request.shop.timezone))
    return telling.csv_of_models(found, Names.of(request.shop.id), BY)


TABLES: Mapping[str, Told] = {
    "recovery": _recovered,
    "causes": _causes,
    "restores": _restores,
    "models": _models,
}


def as_csv(table: str) -> View:
    """The view that gives one of TABLES as CSV, for the days and filters of the address."""

    @shop_page
    def taken(request: ConsoleRequest) -> HttpResponseBase:
        return take_away_csv(*_lines(request, table))

    return taken


def as_parquet(table: str) -> View:
    """The same as Parquet."""

    @shop_page
    def taken(request: ConsoleRequest) -> HttpResponseBase:
        return parquet_answer(request, *_lines(request, table))

    return taken


def _lines(request: ConsoleRequest, table: str) -> tuple[Iterator[list[str]], str]:
    only = filters.read(request.GET, today(request)).only
    return TABLES[table](request, only), f"{table}-{only.begin}-{only.end}"
