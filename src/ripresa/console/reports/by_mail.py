"""Figures by mail: a member says whether, how often and in which language she wants them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.forms import Form
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.contracts.plain_values import normalise_email
from ripresa.usecases.digests import wishes
from ripresa.usecases.digests.digest import LANGUAGES
from ripresa.usecases.digests.periods import MONTH, WEEK

NEVER = "never"
HOW_OFTEN = {
    NEVER: gettext_lazy("Never"),
    WEEK: gettext_lazy("Every Monday, about the week before"),
    MONTH: gettext_lazy("On the first of the month, about the month before"),
}
_OWN_NAMES = {
    "en": "English", "it": "Italiano", "ro": "Română", "ru": "Русский", "de": "Deutsch",
}  # fmt: skip


@shop_page
def by_mail(request: ConsoleRequest) -> HttpResponse:
    """GET shows what she wants, POST changes it."""
    user_id, form = request.user.id or 0, Form()
    # Who was made by the command line may sign in by a name: nothing can be sent there.
    address = getattr(request.user, "email", "")
    form.show("email", normalise_email(request.user.get_username()) or "")
    if request.method == "POST":
        if address or not _lacks_address(request, form):
            return _change(request, user_id)
        form["email"].value = line(request.POST.get("email"))
    wish = wishes.find_wish(request.shop.id, user_id)
    return show(
        request,
        "console/reports/by_mail.html",
        "reports",
        status=422 if form.problems else 200,
        form=form,
        wish=wish,
        every=line(request.POST.get("every")) or (wish.every if wish else NEVER),
        language=wish.language if wish else _spoken(get_language()),
        how_often=HOW_OFTEN,
        languages=_OWN_NAMES,
        address=address,
    )


def _lacks_address(request: ConsoleRequest, form: Form) -> bool:
    """Whether mails are wanted and there is still nowhere to send them; else her address is kept."""
    if line(request.POST.get("every")) not in {WEEK, MONTH}:
        return False
    address = normalise_email(line(request.POST.get("email")))
    if address is None:
        form["email"].problem = _("One e-mail address, like ada@shop.example.")
        return True
    wishes.keep_address(user_id=request.user.id or 0, address=address)
    return False


def _change(request: ConsoleRequest, user_id: int) -> HttpResponse:
    every = line(request.POST.get("every"))
    if every in {WEEK, MONTH}:
        wishes.wish(
            shop_id=request.shop.id,
            user_id=user_id,
            every=every,
            language=_spoken(line(request.POST.get("language"))),
            now=request.now,
        )
        messages.success(request, _("You get the figures by mail from now on."))
    else:
        wishes.end_wish(shop_id=request.shop.id, user_id=user_id)
        messages.success(request, _("You get no figures by mail."))
    return redirect("reports-by-mail", request.shop.slug)


def _spoken(code: str | None) -> str:
    short = (code or "").partition("-")[0]
    return short if short in LANGUAGES else LANGUAGES[0]
