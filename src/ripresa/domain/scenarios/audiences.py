"""Whom a scenario is for: classes of customers, counted in calendar months (SCN-6). Pure."""

from datetime import datetime

from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.plan import DEFAULT_INACTIVE_FOR, Audience

NEW = "new"
RETURNING = "returning"
INACTIVE = "inactive"


def customer_classes(
    latest_order_at: datetime | None, *, inactive_for: Duration | None, at: datetime
) -> frozenset[str]:
    """The classes of somebody whose latest order that stands lies at `latest_order_at`, as of `at`.

    Inactive from the very instant at which the time since that order is over.
    """
    if latest_order_at is None:
        return frozenset({NEW})
    if (inactive_for or DEFAULT_INACTIVE_FOR).after(latest_order_at) <= at:
        return frozenset({RETURNING, INACTIVE})
    return frozenset({RETURNING})


def belongs(
    audience: Audience,
    *,
    latest_order_at: datetime | None,
    abandoned_at: datetime,
    is_in_segment: bool,
) -> bool:
    """Whether somebody who abandoned a cart at `abandoned_at` is in the audience."""
    if audience.segment is not None and not is_in_segment:
        return False
    return audience.customers == "all" or audience.customers in customer_classes(
        latest_order_at, inactive_for=audience.inactive_for, at=abandoned_at
    )
