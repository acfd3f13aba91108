"""Joining a shop by the link of an invitation."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.session.entering import enter
from ripresa.domain.audit import acting
from ripresa.usecases.members import joining
from ripresa.usecases.members.links import LinkIsOver


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: ConsoleRequest, token: str) -> HttpResponse:
    """GET shows what one is asked to join; POST joins. Who has a password signs in with it first."""
    try:
        invitation = joining.open_invitation(token, now=request.now)
    except LinkIsOver:
        return render(
            request, "console/session/link_over.html", {"is_invitation": True}, status=404
        )
    is_signed_in = request.user.is_authenticated and request.user.id == invitation.user.id
    if request.method != "POST":
        return _page(request, invitation)
    if invitation.has_password and not is_signed_in:
        return redirect("login")
    try:
        with acting.acting_as(acting.member(invitation.user.id)):
            joining.accept(token, password=request.POST.get("password"), now=request.now)
    except ValidationError as weak:
        return _page(request, invitation, list(weak.messages), status=422)
    if not is_signed_in:
        invitation.user.refresh_from_db()
        enter(request, invitation.user, "password")
    return redirect("home", invitation.membership.shop.slug)


def _page(
    request: HttpRequest,
    invitation: joining.Invitation,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "is_me": request.user.is_authenticated and request.user.id == invitation.user.id,
        "problems": problems or [],
    }
    return render(request, "console/session/invitation.html", context, status=status)
