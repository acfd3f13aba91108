"""The list of segments, one segment with its people, its file, and its end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.segments.presets import PRESETS
from ripresa.domain.segments import queries
from ripresa.domain.segments.conditions import Condition
from ripresa.domain.segments.models import Segment
from ripresa.usecases.segments import keep, reach
from ripresa.usecases.segments.uses import uses_of_all

# So many are counted for the list: each is a look at all contacts.
_MOST_COUNTED = 50


@shop_page
def segment_list(request: ConsoleRequest) -> HttpResponse:
    """All segments by name, each with what is for it; the counts follow by themselves."""
    uses = uses_of_all(request.shop.id)
    rows = [(one, uses.get(one.name, [])) for one in queries.list_segments(request.shop.id)]
    return show(request, "console/segments/list.html", "segments", rows=rows, presets=PRESETS)


@shop_page
def counts(request: ConsoleRequest) -> HttpResponse:
    """How many people each segment has, for the list to fill in."""
    counted = [
        (one, queries.count(request.shop.id, queries.condition_of(one), now=request.now).people)
        for one in queries.list_segments(request.shop.id)[:_MOST_COUNTED]
    ]
    return show_part(request, "console/segments/_counts.html", counted=counted)


@shop_page
def segment(request: ConsoleRequest, segment_id: UUID) -> HttpResponse:
    """One segment: how many, some of them, what is for it, and its file."""
    found = get_segment(request, segment_id)
    uses = uses_of_all(request.shop.id).get(found.name, [])
    people = people_shown(request, queries.condition_of(found))
    return show(
        request, "console/segments/segment.html", "segments", segment=found, uses=uses, **people
    )


def people_shown(request: ConsoleRequest, condition: Condition) -> dict[str, Any]:
    """The count and some of the people of a condition, for a template."""
    return {
        "counted": reach.count(request.shop.id, condition, now=request.now),
        "people": reach.sample(request.shop.id, condition, now=request.now),
    }


@shop_page
def reach_part(request: ConsoleRequest, segment_id: UUID) -> HttpResponse:
    """Who of it could be written to in each channel, and who falls away why."""
    condition = queries.condition_of(get_segment(request, segment_id))
    reached = reach.reach(request.shop, condition, now=request.now)
    return show_part(request, "console/segments/_reach.html", reached=reached)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def delete(request: ConsoleRequest, segment_id: UUID) -> HttpResponse:
    """GET asks, or says what is for it; POST deletes what nothing is for."""
    found = get_segment(request, segment_id)
    if request.method == "POST":
        try:
            keep.delete(found, now=request.now)
        except keep.InUse:
            messages.warning(request, _("Something is for this segment; nothing was deleted."))
            return redirect("segment-delete", request.shop.slug, segment_id)
        messages.success(request, _("%s is deleted.") % found.name)
        return redirect("segments", request.shop.slug)
    uses = uses_of_all(request.shop.id).get(found.name, [])
    return show(request, "console/segments/delete.html", "segments", segment=found, uses=uses)


@shop_page
def segment_file(request: ConsoleRequest, segment_id: UUID) -> HttpResponse:
    """Its file, word for word."""
    found = get_segment(request, segment_id)
    answer = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
    name = f"{slugify(found.name) or 'segment'}.yaml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def get_segment(request: ConsoleRequest, segment_id: UUID) -> Segment:
    """A segment of the shop. Raises Http404."""
    found = queries.find_segment(request.shop.id, segment_id)
    if found is None:
        raise Http404("no such segment in this shop")
    return found
