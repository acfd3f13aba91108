"""Stop and start everything that leaves a shop."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.models import Sender
from ripresa.usecases import stop_sending


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def sending(request: ConsoleRequest) -> HttpResponse:
    """GET asks, POST acts. A form that is older than the state it showed changes nothing."""
    if request.method != "POST":
        held = outbox.count_stopped(request.shop.id)
        return show(request, "console/sending/confirm.html", "", held=held)
    if request.POST.get("to") == "stop":
        # Every page says that it is stopped; one more word would only hide that.
        stop_sending.stop_shop(shop_id=request.shop.id, now=request.now)
    elif request.POST.get("to") == "start":
        if stop_sending.start_shop(shop_id=request.shop.id, now=request.now):
            messages.success(request, _("Sending again."))
        else:
            messages.info(request, _("It was not stopped."))
    return redirect("home", request.shop.slug)


@require_POST
@shop_page
@changes_shop
def resume_sender(request: ConsoleRequest, sender_id: UUID) -> HttpResponse:
    """Someone has looked: the sender sends again."""
    if not Sender.objects.filter(shop_id=request.shop.id, id=sender_id).exists():
        raise Http404("no such sender in this shop")
    stop_sending.resume_sender(shop_id=request.shop.id, sender_id=sender_id, now=request.now)
    messages.success(request, _("The sender sends again; what it held is due now."))
    return redirect("home", request.shop.slug)
