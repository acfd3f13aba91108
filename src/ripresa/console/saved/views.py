"""Keep the filters of a list under a name, and forget them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.pipeline.roles import works_on_deals
from ripresa.usecases.shops import saved_views
from ripresa.usecases.shops.saved_views import ROOMS, NotAView

_LONGEST_QUERY = 2000


@require_POST
@shop_page
@works_on_deals
def save(request: ConsoleRequest) -> HttpResponse:
    """Under the name that was typed; for the whole shop only by who may change it."""
    room = request.POST.get("room", "")
    room = room if room in ROOMS else ROOMS[0]
    query = QueryDict(request.POST.get("query", "")[:_LONGEST_QUERY]).urlencode()
    is_shared = request.may_change and request.POST.get("shared") == "yes"
    try:
        saved_views.save_view(
            shop_id=request.shop.id,
            user_id=None if is_shared else request.user.id,
            room=room,
            name=line(request.POST.get("name")),
            query=query,
            now=request.now,
        )
    except NotAView:
        messages.warning(request, _("A view needs a name, and there may be fifty of them."))
    else:
        messages.success(request, _("The view is saved."))
    address = reverse(room, args=[request.shop.slug])
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@shop_page
@works_on_deals
def remove(request: ConsoleRequest, view_id: UUID) -> HttpResponse:
    """Forget one's own view, or the shop's."""
    user_id = request.user.id or 0
    view = saved_views.find_view(shop_id=request.shop.id, user_id=user_id, view_id=view_id)
    if view is None:
        raise Http404("no such view in this shop, or not yours")
    if view.user_id is None and not request.may_change:
        messages.warning(
            request, _("This view is everybody's: who may change the shop removes it.")
        )
    else:
        saved_views.remove_view(view)
        messages.info(request, _("The view is removed; the list itself is as it was."))
    return redirect(view.room, request.shop.slug)
