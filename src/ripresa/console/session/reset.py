"""A new password by mail."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.usecases.members import resetting
from ripresa.usecases.members.links import LinkIsOver


@require_http_methods(["GET", "POST"])
def ask(request: ConsoleRequest) -> HttpResponse:
    """GET asks for the address; POST answers the same, whoever that is."""
    if request.method == "POST":
        resetting.ask_for_reset(email=cleaned(request.POST.get("email")), now=request.now)
    context = {"is_asked": request.method == "POST"}
    return render(request, "console/session/forgotten.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: ConsoleRequest, token: str) -> HttpResponse:
    """GET shows the form, POST sets the password; then one signs in with it."""
    problems: list[str] = []
    try:
        user = resetting.user_of(token, now=request.now)
        if request.method == "POST":
            given = request.POST.get("password", "")
            resetting.set_password(token, password=given, now=request.now)
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("login")
    except LinkIsOver:
        return render(request, "console/session/link_over.html", status=404)
    except ValidationError as weak:
        problems = list(weak.messages)
    context = {"email": user.username, "problems": problems}
    status = 422 if problems else 200
    return render(request, "console/session/new_password.html", context, status=status)
