"""What report pages share: today in the shop, and files to take away."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase

from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.core.delimited.parquet import MEDIA_TYPE, NoParquet
from ripresa.core.delimited.taking_away import take_away
from ripresa.domain.attribution.days import day_of
from ripresa.usecases.reporting.columns import write_report


def today(request: ConsoleRequest) -> date:
    """The day it is in the shop."""
    return day_of(request.now, ZoneInfo(request.shop.timezone))


def parquet_answer(
    request: ConsoleRequest, lines: Iterable[Sequence[str]], name: str
) -> HttpResponseBase:
    """The lines of a report, the header first, as Parquet; a page that says why not, without pyarrow."""
    try:
        return take_away(partial(write_report, lines), f"{name}.parquet", MEDIA_TYPE)
    except NoParquet:
        # With 501, as the API: nothing is wrong, this install lacks a package.
        status = HTTPStatus.NOT_IMPLEMENTED
        return show(request, "console/reports/no_parquet.html", "reports", status=status)
