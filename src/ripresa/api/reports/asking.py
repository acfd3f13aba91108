"""Which figures are asked for, and CSV as an answer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponseBase
from pydantic import BeforeValidator, WithJsonSchema

from ripresa.api.protocol.access import ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.core.delimited.parquet import MEDIA_TYPE as PARQUET
from ripresa.core.delimited.parquet import NoParquet
from ripresa.core.delimited.taking_away import take_away, take_away_csv
from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.days import day_of
from ripresa.domain.attribution.rolling import zone_of
from ripresa.usecases.reporting.columns import write_report
from ripresa.usecases.reporting.figures import DIMENSIONS, Only

USUAL = timedelta(days=29)
MEDIA_TYPE = "text/csv"
_BODY = {MEDIA_TYPE: {"schema": {"type": "string"}}}
_BYTES = {PARQUET: {"schema": {"type": "string", "format": "binary"}}}
PARQUET_OUT: dict[str, Any] = {"responses": {200: {"description": "OK", "content": _BYTES}}}
CSV_OUT: dict[str, Any] = {"responses": {200: {"description": "OK", "content": _BODY}}}


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST, LAST = date(1970, 1, 1), date(9000, 1, 1)


def _day(text: Any) -> date:
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError("a day looks like 2026-11-20")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None
    if not FIRST <= day <= LAST:
        raise ValueError(f"a day lies between {FIRST} and {LAST}")
    return day


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class Days(Asked):
    """Days of the shop's zone, both ends included; else the last 30."""

    begin: Maybe[Day] = None
    until: Maybe[Day] = None


class Chosen(Days):
    """What is chosen of some days. `scenario`: or a campaign."""

    scenario: Maybe[UUID] = None
    step: Words = ""
    message: Words = ""
    channel: Words = ""
    language: Words = ""


class Wanted(Chosen):
    """Figures of some days. `by`: dimensions, comma-separated."""

    by: Words = "scenario,step,channel"
    agent: Maybe[UUID] = None


class WantedByModel(Wanted):
    """The same, with a model of attribution."""

    model: Model = Model.LAST


def span(request: ApiRequest, asked: Days) -> tuple[date, date]:
    """The days asked for. Raises Refused."""
    refuse_unknown(request, asked)
    end = asked.until or day_of(request.now, zone_of(request.shop.id))
    begin = asked.begin or end - USUAL
    if begin > end:
        raise Refused.field("begin", "lies after `until`")
    return begin, end


def only(request: ApiRequest, asked: Wanted) -> Only:
    """Which figures. Raises Refused."""
    return replace(chosen(request, asked), agent=asked.agent)


def chosen(request: ApiRequest, asked: Chosen) -> Only:
    """Which orders, or messages. Raises Refused."""
    begin, end = span(request, asked)
    return Only(
        begin,
        end,
        origin=asked.scenario,
        step=asked.step,
        message=asked.message,
        channel=asked.channel,
        language=asked.language,
    )


def dimensions(asked: Wanted) -> list[str]:
    """By what. Raises Refused."""
    wanted = [name.strip() for name in asked.by.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in DIMENSIONS]:
        raise Refused.field("by", f"{unknown[0]!r} is none of {', '.join(DIMENSIONS)}")
    if len(set(wanted)) < len(wanted):
        raise Refused.field("by", "names something twice")
    return wanted


def refuse_unknown(request: ApiRequest, asked: Asked) -> None:
    """The framework drops what it does not know: a mistyped filter would count everything."""
    for name in request.GET:
        if name not in type(asked).model_fields:
            raise Refused.field(name, "there is no such parameter here")


def answer_parquet(lines: Iterable[Sequence[str]], name: str) -> HttpResponseBase:
    """Lines as a Parquet file of that name, money as whole minor units. Raises Refused."""
    try:
        return take_away(partial(write_report, lines), f"{name}.parquet", PARQUET)
    except NoParquet as missing:
        raise Refused(501, str(missing)) from None


def answer_csv(lines: Iterable[Sequence[str]], name: str) -> HttpResponseBase:
    """Lines as a file of that name."""
    return take_away_csv(lines, name)
