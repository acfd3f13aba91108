"""The first steps of a shop: done or not is read from its data. Who has had enough puts them away."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.switches import is_open
from ripresa.usecases.health.glance import Glance

_COOKIE = "ripresa_guide_away"
_COOKIE_SECONDS = 365 * 24 * 3600
TEXT = "reminder"


class FirstStep(NamedTuple):
    """One step: what it is, what it brings, where it is done, and whether it is."""

    title: Promise | str
    about: Promise | str
    action: Promise | str
    address: str
    is_done: bool


class Guide(NamedTuple):
    """The steps, and whether they stand on the page."""

    steps: list[FirstStep]
    is_shown: bool

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)


def guide_of(request: ConsoleRequest, glance: Glance, *, is_connected: bool) -> Guide:
    """The first steps. They show until all is done or somebody puts them away, and when asked for."""
    slug, shop = request.shop.slug, request.shop
    language = shop.language if shop.language in ENDONYMS else "en"
    steps = [
        FirstStep(
            _("Connect a shop"),
            _("Carts and orders come in from then on. Or put a line of script into its pages."),
            _("Connect"),
            reverse("connection-new", args=[slug]),
            is_connected or glance.is_heard,
        ),
        FirstStep(
            _("Send yourself the first mail"),
            _("See the reminder as your customers will, filled in with a sample cart."),
            _("Send a test"),
            reverse("text-try", args=[slug, TEXT, "email", language]),
            glance.was_mailed,
        ),
        FirstStep(
            _("Go live"),
            _("Choose when the reminders go, look over the review, and switch the scenario on."),
            _("Make a scenario"),
            reverse("scenario-new", args=[slug]),
            glance.was_live,
        ),
    ]
    steps = [step for step in steps if is_open(shop, step.address)]
    # Who only looks can take none of them.
    is_due = request.may_change and not all(step.is_done for step in steps)
    is_shown = is_due and slug not in _away(request)
    return Guide(steps, is_shown or request.GET.get("guide") == "yes")


@require_POST
@shop_page
def put_away(request: ConsoleRequest) -> HttpResponse:
    """Show the first steps no more in this browser; the link beside the heading brings them back."""
    answer = redirect("home", request.shop.slug)
    answer.set_cookie(
        _COOKIE,
        ".".join(sorted({*_away(request), request.shop.slug})),
        max_age=_COOKIE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _away(request: ConsoleRequest) -> set[str]:
    """The shops whose first steps this browser has put away."""
    return set(filter(None, request.COOKIES.get(_COOKIE, "").split(".")))
