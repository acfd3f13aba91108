"""What report pages share: today in the shop, and CSV to take away."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from ripresa.console.layout.request import ConsoleRequest
from ripresa.core.delimited.parquet import MEDIA_TYPE, NoParquet
from ripresa.domain.attribution.days import day_of
from ripresa.usecases.reporting.columns import as_parquet


def today(request: ConsoleRequest) -> date:
    """The day it is in the shop."""
    return day_of(request.now, ZoneInfo(request.shop.timezone))


def parquet_answer(lines: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """The same lines as Parquet; a plain word where pyarrow is not installed."""
    try:
        answer = HttpResponse(as_parquet(lines), content_type=MEDIA_TYPE)
    except NoParquet as missing:
        return HttpResponse(str(missing), status=501, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.parquet"'
    return answer


def csv_answer(lines: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Lines as a file to save, the header first."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(answer).writerows(lines)
    return answer
