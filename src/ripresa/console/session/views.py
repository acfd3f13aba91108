"""Login page, and the way from the bare address to a shop."""

from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ripresa.console.layout.access import LATEST_SHOP, member_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.session.forms import LoginForm


class Login(LoginView):
    """Who is signed in already goes on."""

    authentication_form = LoginForm
    template_name = "console/session/login.html"
    redirect_authenticated_user = True


@member_page
def start(request: ConsoleRequest) -> HttpResponse:
    """To the shop one was in latest, else to the first; who has none is told whom to ask."""
    slugs = [member.shop.slug for member in request.memberships]
    if not slugs:
        return render(request, "console/session/no_shop.html")
    latest = request.session.get(LATEST_SHOP)
    return redirect("home", latest if latest in slugs else slugs[0])
