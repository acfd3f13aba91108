"""What report pages share: today in the shop, and CSV to take away."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.attribution.days import day_of


def today(request: ConsoleRequest) -> date:
    """The day it is in the shop."""
    return day_of(request.now, ZoneInfo(request.shop.timezone))


def csv_answer(lines: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Lines as a file to save, the header first."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(answer).writerows(lines)
    return answer
