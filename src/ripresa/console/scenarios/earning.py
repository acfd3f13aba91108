"""What became of the messages of each step, and what they brought, as the reports count it."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.reports.answers import today
from ripresa.usecases.reporting.figures import Only, Row, table

Earned = Mapping[tuple[str, str], Row]


def earned_by_step(request: ConsoleRequest, scenario_id: UUID, period: timedelta) -> Earned:
    """Opened, clicked, orders and revenue by (step, channel), over the days of `period` up to today."""
    until = today(request)
    only = Only(
        until - period + timedelta(days=1), until, origin=scenario_id, origin_kind="recovery"
    )
    found = table(request.shop.id, only, by=("step", "channel"))
    return {(row.key["step"], row.key["channel"]): row for row in found.rows}
