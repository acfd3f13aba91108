"""For how long each kind of data is kept, and what would go now."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.fields import Form, typed_whole
from ripresa.console.settings.saving import form_room
from ripresa.domain.shops.retention import LIMITS, limits_of
from ripresa.usecases.retention.keeping import count_by_limit, next_run_at
from ripresa.usecases.retention.limits import NotALimit, set_limits

KINDS: Mapping[str, Promise | str] = {
    "events": gettext_lazy("Traces of events, against hearing them twice"),
    "activity": gettext_lazy("Carts step by step"),
    "contents": gettext_lazy("What messages and letters said"),
    "feedback": gettext_lazy("Addresses and browsers in what providers told"),
    "calls": gettext_lazy("Raw calls of providers"),
    "webhooks": gettext_lazy("What endpoints were told"),
    "files": gettext_lazy("Files and what was wrong in them"),
    "audit": gettext_lazy("The audit log"),
    "contacts": gettext_lazy("People without any activity"),
}


def _shown(request: ConsoleRequest) -> tuple[Form, Mapping[str, Any]]:
    form = Form()
    for kind, days in limits_of(request.shop).items():
        form.show(kind, days)
    counts = count_by_limit(request.shop, request.now) if request.GET.get("count") else {}
    told = [(KINDS.get(kind, kind), count) for kind, count in counts.items()]
    rows = [(form[kind], KINDS.get(kind, kind), limit) for kind, limit in LIMITS.items()]
    return form, {"rows": rows, "counts": told, "next_run": next_run_at(request.shop)}


def _saved(request: ConsoleRequest, form: Form) -> None:
    days: dict[str, int] = {}
    for kind, limit in LIMITS.items():
        typed = typed_whole(request.POST, kind)
        if typed is None or 0 < typed < limit.least:
            form[kind].problem = _("At least %(least)d days, or 0 for ever.") % {
                "least": limit.least
            }
        else:
            days[kind] = typed
    if form.problems:
        return
    try:
        set_limits(shop_id=request.shop.id, days=days, now=request.now)
    except NotALimit:
        form["contacts"].problem = _("At most 36,500 days.")


view = form_room(
    "settings-retention",
    "console/settings/retention.html",
    _shown,
    _saved,
    words={kind: (title, {}) for kind, title in KINDS.items()},
)
