"""What a hold-out and a test say, and the proof: each as JSON, CSV and Parquet."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponseBase
from ninja import Query, Router
from pydantic import Field

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Words
from ripresa.api.reports.asking import (
    CSV_OUT,
    PARQUET_OUT,
    Chosen,
    answer_csv,
    answer_parquet,
    chosen,
    refuse_unknown,
)
from ripresa.domain.scenarios.figures import find_scenario
from ripresa.domain.scenarios.models import Scenario
from ripresa.usecases.reporting.figures import Only
from ripresa.usecases.reporting.lift_of_scenario import NoHoldout, csv_of_lift, lift_of_scenario
from ripresa.usecases.reporting.proof import lines_of_proof, month_of, prove
from ripresa.usecases.reporting.tests_of_scenario import NoTest, csv_of_test, judge_test

router = Router(tags=["reports"])
_MONTH = re.compile(r"(19[7-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_LIFT = "/reports/scenarios/{scenario_id}/lift"
_TEST = "/reports/scenarios/{scenario_id}/test"


class Watched(Asked):
    """For how many days each person's orders count."""

    days: Annotated[int, Field(ge=1, le=365)] = 28


class OfTest(Watched):
    """The same for a test, by its name; without one, that in force."""

    test: Words = ""


class OfProof(Chosen):
    """Which messages. `month`, such as 2026-11: all of that month, in place of days."""

    month: Words = ""


@router.get(_LIFT, response=dict[str, Any], auth=READ, operation_id="report_lift")
def get_lift(request: ApiRequest, scenario_id: UUID, asked: Query[Watched]) -> dict[str, Any]:
    """What a scenario brought beyond what came by itself. 422 while its hold-out says nothing."""
    return _lift(request, scenario_id, asked)


@router.get(f"{_LIFT}.csv", auth=READ, operation_id="report_lift_csv", openapi_extra=CSV_OUT)
def get_lift_csv(request: ApiRequest, scenario_id: UUID, asked: Query[Watched]) -> HttpResponseBase:
    """The same as CSV, a line for each measure."""
    return answer_csv(csv_of_lift(_lift(request, scenario_id, asked)), f"lift-{scenario_id}")


@router.get(
    f"{_LIFT}.parquet", auth=READ, operation_id="report_lift_parquet", openapi_extra=PARQUET_OUT
)
def get_lift_parquet(
    request: ApiRequest, scenario_id: UUID, asked: Query[Watched]
) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    return answer_parquet(csv_of_lift(_lift(request, scenario_id, asked)), f"lift-{scenario_id}")


@router.get(_TEST, response=dict[str, Any], auth=READ, operation_id="report_test")
def get_test(request: ApiRequest, scenario_id: UUID, asked: Query[OfTest]) -> dict[str, Any]:
    """Which arm of a test does better, and what its coupon really bought. 422 while none can say."""
    return _test(request, scenario_id, asked)


@router.get(f"{_TEST}.csv", auth=READ, operation_id="report_test_csv", openapi_extra=CSV_OUT)
def get_test_csv(request: ApiRequest, scenario_id: UUID, asked: Query[OfTest]) -> HttpResponseBase:
    """The same as CSV, a line for each arm."""
    return answer_csv(csv_of_test(_test(request, scenario_id, asked)), f"test-{scenario_id}")


@router.get(
    f"{_TEST}.parquet", auth=READ, operation_id="report_test_parquet", openapi_extra=PARQUET_OUT
)
def get_test_parquet(
    request: ApiRequest, scenario_id: UUID, asked: Query[OfTest]
) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    return answer_parquet(csv_of_test(_test(request, scenario_id, asked)), f"test-{scenario_id}")


@router.get("/reports/proof", response=dict[str, Any], auth=READ, operation_id="report_proof")
def get_proof(request: ApiRequest, asked: Query[OfProof]) -> dict[str, Any]:
    """Whom the shop wrote to, and that nobody was after buying, twice, or unwanted (RPT-7)."""
    return prove(request.shop.id, _of_proof(request, asked)).tell()


@router.get("/reports/proof.csv", auth=READ, operation_id="report_proof_csv", openapi_extra=CSV_OUT)
def get_proof_csv(request: ApiRequest, asked: Query[OfProof]) -> HttpResponseBase:
    """The same as CSV, a line for each message."""
    return answer_csv(*_lines(request, asked))


@router.get(
    "/reports/proof.parquet",
    auth=READ,
    operation_id="report_proof_parquet",
    openapi_extra=PARQUET_OUT,
)
def get_proof_parquet(request: ApiRequest, asked: Query[OfProof]) -> HttpResponseBase:
    """The same as Parquet. 501 where pyarrow is not installed."""
    return answer_parquet(*_lines(request, asked))


def _lines(request: ApiRequest, asked: OfProof) -> tuple[Iterator[list[str]], str]:
    only = _of_proof(request, asked)
    return lines_of_proof(request.shop.id, only), f"proof-{only.begin}-{only.end}"


def _lift(request: ApiRequest, scenario_id: UUID, asked: Watched) -> dict[str, Any]:
    scenario = _scenario(request, scenario_id, asked)
    try:
        outcome = timedelta(days=asked.days)
        return lift_of_scenario(scenario=scenario, now=request.now, outcome=outcome)
    except NoHoldout as why:
        raise Refused(422, str(why)) from None


def _test(request: ApiRequest, scenario_id: UUID, asked: OfTest) -> dict[str, Any]:
    scenario = _scenario(request, scenario_id, asked)
    outcome = timedelta(days=asked.days)
    try:
        return judge_test(scenario=scenario, test=asked.test, now=request.now, outcome=outcome)
    except NoTest as why:
        raise Refused(422, str(why)) from None


def _scenario(request: ApiRequest, scenario_id: UUID, asked: Asked) -> Scenario:
    refuse_unknown(request, asked)
    scenario = find_scenario(request.shop.id, scenario_id)
    if scenario is None:
        raise NotFound("scenario")
    return scenario


def _of_proof(request: ApiRequest, asked: OfProof) -> Only:
    wanted = chosen(request, asked)
    if asked.month:
        if not _MONTH.fullmatch(asked.month):
            raise Refused.field("month", "a month looks like 2026-11")
        if asked.begin or asked.until:
            raise Refused.field("month", "is all of a month: leave `begin` and `until` out")
        month = month_of(date.fromisoformat(f"{asked.month}-01"))
        wanted = replace(wanted, begin=month.begin, end=month.end)
    return wanted
