"""Members: the list, an invitation, another role, the way out."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import owns_shop, shop_page
from ripresa.console.layout.badges import ROLES
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.settings.fields import Form
from ripresa.console.settings.frame import show_settings
from ripresa.domain.shops.models import Membership
from ripresa.usecases.members import changing, joining
from ripresa.usecases.members.changing import LastOwner
from ripresa.usecases.members.listing import list_members
from ripresa.usecases.shops.change_shop import change_shop


@require_http_methods(["GET", "POST"])
@shop_page
@owns_shop
def members(request: ConsoleRequest) -> HttpResponse:
    """GET lists, POST invites somebody."""
    form = Form()
    form.show("email", "")
    form.show("role", "marketer")
    if request.method == "POST":
        wrong = _invite(request, request.POST.get("email", ""), request.POST.get("role", ""))
        if wrong is None:
            return redirect("members", request.shop.slug)
        form["role"].value = line(request.POST.get("role"))
        form.typed(request.POST, {"email": wrong})
    return show_settings(
        request,
        "console/members/members.html",
        "members",
        status=422 if form.problems else 200,
        form=form,
        members=list_members(request.shop.id),
        roles=ROLES.items(),
        may={
            "owner": _("everything, members and keys too"),
            "marketer": _("everything but members and keys"),
            "agent": _("looks, and works on deals"),
            "viewer": _("looks, and changes nothing"),
        },
    )


def _invite(request: ConsoleRequest, email: str, role: str) -> str | None:
    """Ask somebody to join; what is wrong with it, if anything."""
    try:
        joining.invite(shop_id=request.shop.id, email=line(email), role=role, now=request.now)
    except joining.NotAnAddress:
        return _("One e-mail address, like ada@shop.example.")
    except joining.NotARole:
        return _("Choose one of the list.")
    except joining.AlreadyMember:
        return _("She is a member already.")
    messages.success(request, _("A mail with a link is on its way; it works for seven days."))
    return None


@require_POST
@shop_page
@owns_shop
def invite_again(request: ConsoleRequest, membership_id: UUID) -> HttpResponse:
    """One more mail; the link of the earlier one is over."""
    member = _find(request, membership_id)
    wrong = _invite(request, User.objects.get(id=member.user_id).username, member.role)
    if wrong is not None:
        messages.warning(request, wrong)
    return redirect("members", request.shop.slug)


@require_POST
@shop_page
@owns_shop
def change_role(request: ConsoleRequest, membership_id: UUID) -> HttpResponse:
    """Another role, at once."""
    _find(request, membership_id)
    try:
        changing.change_role(
            shop_id=request.shop.id,
            membership_id=membership_id,
            role=request.POST.get("role", ""),
            now=request.now,
        )
    except LastOwner:
        messages.warning(request, _("A shop keeps an owner: make somebody else an owner first."))
    except joining.NotARole:
        messages.warning(request, _("There is no such role; nothing was changed."))
    else:
        messages.success(request, _("Saved."))
    # Whoever gave her own ownership away may not come back here.
    return redirect("settings" if _is_me(request, membership_id) else "members", request.shop.slug)


@require_http_methods(["GET", "POST"])
@shop_page
@owns_shop
def remove(request: ConsoleRequest, membership_id: UUID) -> HttpResponse:
    """GET asks, POST takes somebody out."""
    member = _find(request, membership_id)
    if request.method != "POST":
        email = User.objects.get(id=member.user_id).username
        return show_settings(
            request, "console/members/remove.html", "members", member=member, email=email
        )
    is_me = _is_me(request, membership_id)
    try:
        changing.remove(shop_id=request.shop.id, membership_id=membership_id, now=request.now)
    except LastOwner:
        messages.warning(request, _("A shop keeps an owner: make somebody else an owner first."))
        return redirect("members", request.shop.slug)
    messages.success(request, _("Taken out; no page of the shop opens any more."))
    return redirect("start") if is_me else redirect("members", request.shop.slug)


@require_POST
@shop_page
@owns_shop
def rules(request: ConsoleRequest) -> HttpResponse:
    """What the shop asks of its members: a second factor."""
    change_shop(
        shop_id=request.shop.id,
        now=request.now,
        second_factor=bool(request.POST.get("second_factor")),
        second_person=bool(request.POST.get("second_person")),
    )
    messages.success(request, _("Saved."))
    return redirect("members", request.shop.slug)


def _find(request: ConsoleRequest, membership_id: UUID) -> Membership:
    found = Membership.objects.filter(shop_id=request.shop.id, id=membership_id).first()
    if found is None:
        raise Http404("no such member in this shop")
    return found


def _is_me(request: ConsoleRequest, membership_id: UUID) -> bool:
    return any(each.id == membership_id for each in request.memberships)
