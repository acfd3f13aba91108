"""The report, its definitions, what would have come anyway, and the proof."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase

from ripresa.console.connections.there import all_connections
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.badges import CHANNELS
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.reports import filters
from ripresa.console.reports.answers import parquet_answer, today
from ripresa.console.reports.cards import cards_of, chart_of, titles
from ripresa.console.reports.words import (
    definitions,
    difference_in_words,
    key_in_words,
    lack_in_words,
    verdict_in_words,
)
from ripresa.console.steps.titles import StepTitles
from ripresa.core.delimited.taking_away import take_away_csv
from ripresa.domain.attribution.definitions import statements
from ripresa.domain.attribution.rolling import counted_until, settings_of
from ripresa.domain.scenarios.figures import list_scenarios
from ripresa.domain.scenarios.models import Scenario
from ripresa.usecases.reporting import telling
from ripresa.usecases.reporting.figures import Only, table, tables
from ripresa.usecases.reporting.lift_of_scenario import NotYet, csv_of_lift, lift_of_scenario
from ripresa.usecases.reporting.names import Choices, Names
from ripresa.usecases.reporting.orders import in_all, side_by_side
from ripresa.usecases.reporting.proof import lines_of_proof, prove
from ripresa.usecases.reporting.recovery import recovery
from ripresa.usecases.reporting.restores import Restores, restores
from ripresa.usecases.reporting.tests_of_scenario import csv_of_test, judge_test, list_tests


@shop_page
def report(request: ConsoleRequest) -> HttpResponse:
    """RPT-2 to RPT-4: figures on top, a chart with its table, rows by what one asks for, models beside."""
    asked = filters.read(request.GET, today(request))
    shop, only = request.shop, asked.only
    names, settings = Names.of(shop.id), settings_of(shop.id)
    titles_of_steps = StepTitles(shop.id, names.versions)
    zone = ZoneInfo(shop.timezone)
    found, by_day = tables(shop.id, only, bys=(asked.by, ("day",)), model=asked.model)
    models = side_by_side(shop.id, only, by=("scenario", "channel"), zone=zone)
    back = recovery(shop.id, only.begin, only.end)
    return show(
        request,
        "console/reports/report.html",
        "reports",
        asked=asked,
        choices={"by": filters.BY, "model": filters.MODELS, "channel": CHANNELS},
        there=Choices.of(shop.id, names),
        cards=cards_of(back, found),
        causes=[
            (cause, carts, back.brought_by(cause)) for cause, carts in back.causes.items() if carts
        ],
        restores=_restores(request, only),
        titles=titles(),
        chart=chart_of(by_day, shop.currency),
        rows=[
            (key_in_words(names.of_key(row.key), titles_of_steps), row, asked.orders_of(row.key))
            for row in found.rows
        ],
        rows_of_agents=[
            (key_in_words(names.of_key(row.key), titles_of_steps), row)
            for row in found.rows_of_agents
        ],
        total=found.total,
        models=[(key_in_words(names.of_key(one.key), titles_of_steps), one) for one in models],
        models_in_all=in_all(models),
        model_names=filters.MODELS,
        settings=settings,
        counted_until=counted_until(settings, request.now),
    )


def _restores(request: ConsoleRequest, only: Only) -> list[tuple[Restores, str]]:
    """Where carts come from, each with what its platform is called, if it is one."""
    found = restores(request.shop, only.begin, only.end, now=request.now)
    connectors = all_connections().connectors
    labels = {name: one.label for name, one in connectors.items()}
    return [(one, labels.get(one.platform, one.platform)) for one in found]


@shop_page
def figures_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The rows of the report as CSV."""
    lines, name = _figures(request)
    return take_away_csv(lines, name)


@shop_page
def figures_parquet(request: ConsoleRequest) -> HttpResponseBase:
    """The same as Parquet."""
    lines, name = _figures(request)
    return parquet_answer(request, lines, name)


def _figures(request: ConsoleRequest) -> tuple[Iterator[list[str]], str]:
    asked = filters.read(request.GET, today(request))
    shop = request.shop
    found = table(shop.id, asked.only, by=asked.by, model=asked.model)
    lines = telling.csv_of_table(found, Names.of(shop.id), shop.currency)
    return lines, f"figures-{asked.only.begin}-{asked.only.end}"


@shop_page
def definitions_page(request: ConsoleRequest) -> HttpResponse:
    """What each figure counts, by which date, and the statements that count it."""
    return show(
        request,
        "console/reports/definitions.html",
        "reports",
        definitions=definitions(),
        statements=statements(),
        settings=settings_of(request.shop.id),
    )


@shop_page
def anyway(request: ConsoleRequest) -> HttpResponse:
    """RPT-5: of each scenario, what it brought beyond what would have come by itself."""
    judged = [
        (scenario, None, lack_in_words(told, ZoneInfo(request.shop.timezone)))
        if isinstance(told, NotYet)
        else (scenario, told, verdict_in_words(told))
        for scenario, told in _lifts(request)
    ]
    return show(
        request, "console/reports/anyway.html", "reports", judged=judged, **_one_of(request)
    )


@shop_page
def anyway_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The verdicts there are, a measure a line."""
    return take_away_csv(*_anyway(request))


@shop_page
def anyway_parquet(request: ConsoleRequest) -> HttpResponseBase:
    """The same as Parquet."""
    return parquet_answer(request, *_anyway(request))


def _anyway(request: ConsoleRequest) -> tuple[list[list[str]], str]:
    told = [one for _, one in _lifts(request) if not isinstance(one, NotYet)]
    return _one_table([csv_of_lift(one) for one in told]), f"lift-{today(request)}"


def _lifts(request: ConsoleRequest) -> Iterator[tuple[Scenario, dict[str, Any] | NotYet]]:
    for scenario in _scenarios(request):
        try:
            yield scenario, lift_of_scenario(scenario=scenario, now=request.now)
        except NotYet as why:
            yield scenario, why


@shop_page
def tests(request: ConsoleRequest) -> HttpResponse:
    """Ways tried against each other: what each arm brought, and what a coupon really bought."""
    judged = [
        (scenario, name, None, lack_in_words(told, ZoneInfo(request.shop.timezone)))
        if isinstance(told, NotYet)
        else (
            scenario,
            name,
            told,
            [(one, difference_in_words(one)) for one in told["differences"]],
        )
        for scenario, name, told in _judged(request)
    ]
    return show(request, "console/reports/tests.html", "reports", judged=judged, **_one_of(request))


@shop_page
def tests_csv(request: ConsoleRequest) -> HttpResponseBase:
    """All that can be told of the tests, an arm a line."""
    return take_away_csv(*_tests(request))


@shop_page
def tests_parquet(request: ConsoleRequest) -> HttpResponseBase:
    """The same as Parquet."""
    return parquet_answer(request, *_tests(request))


def _tests(request: ConsoleRequest) -> tuple[list[list[str]], str]:
    told = [one for _, _, one in _judged(request) if not isinstance(one, NotYet)]
    return _one_table([csv_of_test(one) for one in told]), f"tests-{today(request)}"


def _one_table(tables: Sequence[Iterator[list[str]]]) -> list[list[str]]:
    """Tables of the same columns below each other, under one header."""
    read = [list(one) for one in tables]
    return [*read[0][:1], *(line for one in read for line in one[1:])] if read else [[]]


def _one_of(request: ConsoleRequest) -> dict[str, Any]:
    """What the choice of one scenario needs."""
    wanted = filters.id_of(request.GET.get("scenario", ""))
    return {
        "scenarios": [(str(one.id), one.name) for one in list_scenarios(request.shop.id)],
        "wanted": "" if wanted is None else str(wanted),
    }


def _scenarios(request: ConsoleRequest) -> list[Scenario]:
    """All of them, or the one in the address."""
    wanted = filters.id_of(request.GET.get("scenario", ""))
    found = list_scenarios(request.shop.id)
    return [one for one in found if wanted is None or one.id == wanted]


def _judged(
    request: ConsoleRequest,
) -> Iterator[tuple[Scenario, str, dict[str, Any] | NotYet]]:
    for scenario in _scenarios(request):
        for name in list_tests(scenario):
            try:
                yield scenario, name, judge_test(scenario=scenario, test=name, now=request.now)
            except NotYet as why:
                yield scenario, name, why


@shop_page
def proof(request: ConsoleRequest) -> HttpResponse:
    """RPT-7: whom the shop wrote to, and that nobody was who should not have been."""
    asked = filters.read(request.GET, today(request))
    return show(
        request,
        "console/reports/proof.html",
        "reports",
        asked=asked,
        choices={"channel": CHANNELS},
        there=Choices.of(request.shop.id),
        proof=prove(request.shop.id, asked.only).tell(),
        words=definitions(),
    )


@shop_page
def proof_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The proof, message by message."""
    return take_away_csv(*_proof(request))


@shop_page
def proof_parquet(request: ConsoleRequest) -> HttpResponseBase:
    """The same as Parquet."""
    return parquet_answer(request, *_proof(request))


def _proof(request: ConsoleRequest) -> tuple[Iterator[list[str]], str]:
    only = filters.read(request.GET, today(request)).only
    return lines_of_proof(request.shop.id, only), f"proof-{only.begin}-{only.end}"
