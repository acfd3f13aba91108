"""Who mails come from: kept, held and let go; what the DNS says of them; a mail to try."""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.carriers import there
from ripresa.console.connections.sayings import Told, told_now, why_no_test
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.settings.fields import Form
from ripresa.console.settings.frame import show_settings
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import Accepted
from ripresa.core.config import ConfigError, load
from ripresa.domain.messages import senders
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.messages.models import Sender
from ripresa.domain.messages.senders import NewSender, SenderExists, SenderInUse
from ripresa.usecases.providers import stored_senders
from ripresa.usecases.providers.stored_senders import NotASender
from ripresa.usecases.shop_channels import open_shop_channels
from ripresa.usecases.templates.try_sms import NotPossible
from ripresa.usecases.trials import try_account

ROOM = "settings-senders"
HELD = say("held by hand")


@require_http_methods(["GET", "POST"])
@shop_page
def sender_list(request: ConsoleRequest) -> HttpResponse:
    """All senders; POST keeps one more. `?check=yes` asks the DNS, which may take some seconds."""
    form = Form()
    for name in ("name", "email", "reply_to"):
        form.show(name, "")
    if request.method == "POST":
        answer = changes_shop(_add)(request, form=form)
        if not form.problems:
            return answer
    is_asked = request.GET.get("check") == "yes" and request.may_change
    return show_settings(
        request,
        "console/carriers/senders.html",
        ROOM,
        status=422 if form.problems else 200,
        senders=senders.list_senders(request.shop.id),
        form=form,
        findings=_findings(request) if is_asked else None,
    )


class Shown(NamedTuple):
    """What the DNS says of one thing, in the reader's language, and what to do about it."""

    check: str
    level: str
    found: Told
    advice: Told


def _findings(request: ConsoleRequest) -> list[Shown]:
    return [
        Shown(one.check, one.level, told_now(one.found), told_now(one.advice))
        for one in there.check_senders(load(), request.shop)
    ]


def _add(request: ConsoleRequest, form: Form) -> HttpResponse:
    for name, field in form.items():
        field.value = line(request.POST.get(name))
    new = NewSender(form["email"].value, form["name"].value, form["reply_to"].value)
    try:
        stored_senders.add_sender(shop_id=request.shop.id, sender=new, now=request.now)
    except NotASender as wrong:
        form[wrong.field].problem = _wrong(wrong.field)
    except SenderExists:
        form["email"].problem = _("There is a sender with this address already.")
    else:
        messages.success(request, _("Saved."))
        return redirect(ROOM, request.shop.slug)
    return HttpResponse(status=422)


def _wrong(field: str) -> str:
    if field == "name":
        return _("A name of 1 to 200 characters.")
    return _("One e-mail address, like ciao@shop.example.")


@require_POST
@shop_page
@changes_shop
def act(request: ConsoleRequest, sender_id: UUID) -> HttpResponse:
    """Change, hold, resume or forget one; a word that is none of these changes nothing."""
    found = senders.find_sender(shop_id=request.shop.id, sender_id=sender_id)
    if found is None:
        raise Http404("no such sender in this shop")
    match request.POST.get("do"):
        case "change":
            _change(request, found)
        case "pause":
            reason = line(request.POST.get("reason")) or HELD
            stored_senders.pause_sender(found, reason, now=request.now)
        case "resume":
            if stored_senders.resume_sender(found, now=request.now):
                messages.success(request, _("The sender sends again; what it held is due now."))
        case "remove":
            _remove(request, found)
    return redirect(ROOM, request.shop.slug)


def _change(request: ConsoleRequest, found: Sender) -> None:
    name, reply_to = line(request.POST.get("name")), line(request.POST.get("reply_to"))
    try:
        stored_senders.change_sender(found, name=name, reply_to=reply_to, now=request.now)
    except NotASender as wrong:
        messages.warning(request, _wrong(wrong.field))
        return
    messages.success(request, _("Saved."))


def _remove(request: ConsoleRequest, found: Sender) -> None:
    try:
        stored_senders.remove_sender(found, now=request.now)
    except SenderInUse:
        messages.warning(request, _("It has sent mails, or a scenario names it: pause it instead."))
    else:
        messages.success(request, _("The sender is removed."))


@require_POST
@shop_page
@changes_shop
def send_test(request: ConsoleRequest) -> HttpResponse:
    """A mail to whoever asks, by the account that carries the shop's mails."""
    to = request.user.get_username()
    try:
        mail = try_account.make_test_mail(
            shop=request.shop, to=to, letterhead=own_letterhead(), now=request.now
        )
        channels = open_shop_channels()
    except (NotPossible, ConfigError) as wrong:
        why = why_no_test(wrong) if isinstance(wrong, NotPossible) else str(wrong)
        messages.warning(request, _("No mail was sent: %s") % why)
        return redirect(ROOM, request.shop.slug)
    try:
        fate = try_account.send_mail(channels.of(request.shop.id, request.now).email, mail)
    finally:
        channels.close()
    if isinstance(fate, Accepted):
        messages.success(request, _("A test mail is on its way to %s.") % to)
    else:
        messages.warning(request, _("No mail was sent: %s") % told_now(fate.detail).text)
    return redirect(ROOM, request.shop.slug)
