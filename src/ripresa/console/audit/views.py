"""The audit log: a page with filters, and all of it as a file."""

import json
from collections.abc import Iterator
from datetime import UTC
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase

from ripresa.console.audit import entries, filters, words
from ripresa.console.layout import cursor
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.core.delimited.taking_away import take_away_csv
from ripresa.domain.audit import queries
from ripresa.domain.audit.models import AuditEntry

PAGE = 50
_COLUMNS = ("at", "who", "action", "about", "id", "name", "before", "after")


@shop_page
@changes_shop
def audit_log(request: ConsoleRequest) -> HttpResponse:
    """Who did what, the newest first; `older` goes on where the page before ended."""
    asked = _asked(request)
    older_than = cursor.parse_id(request.GET.get("older"))
    shop_id = request.shop.id
    found = queries.list_entries(shop_id, asked.only, older_than=older_than, limit=PAGE + 1)
    page = found[:PAGE]
    actors = entries.names_of_actors(shop_id, queries.list_actors(shop_id))
    context: dict[str, Any] = {
        "asked": asked,
        "lines": entries.lines_of(shop_id, page),
        "older": page[-1].id if len(found) > PAGE else None,
        "continued": older_than is not None,
        "actors": {".".join(each): name for each, name in actors.items()},
        "actions": words.ACTIONS,
        "abouts": words.ABOUTS,
    }
    return show_settings(request, "console/audit/log.html", "audit", **context)


@shop_page
@changes_shop
def audit_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The same entries as CSV, all of them; instants in UTC."""
    shop_id = request.shop.id
    names = entries.names_of_actors(shop_id, queries.list_actors(shop_id))
    rows = _rows(queries.all_entries(shop_id, _asked(request).only), names)
    return take_away_csv(chain([_COLUMNS], rows), "audit")


def _asked(request: ConsoleRequest) -> filters.Asked:
    return filters.read(request.GET, ZoneInfo(request.shop.timezone))


def _rows(
    found: Iterator[AuditEntry], names: dict[tuple[str, str], str]
) -> Iterator[tuple[str, ...]]:
    for each in found:
        yield (
            each.at.astimezone(UTC).isoformat(timespec="seconds"),
            names.get((each.actor_kind, each.actor_id), each.actor_id),
            each.action,
            each.subject_kind,
            each.subject_id,
            each.subject_name,
            json.dumps(each.before, ensure_ascii=False) if each.before else "",
            json.dumps(each.after, ensure_ascii=False) if each.after else "",
        )
