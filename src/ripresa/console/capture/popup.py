"""The pop-up of the storefront script (CAP-10): what it says and asks, when it shows, how it looks."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.capture import popup_form
from ripresa.console.connections.sayings import told_now
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.overtaking.marks import is_overtaken, mark, seen_of
from ripresa.console.settings.frame import show_settings
from ripresa.console.settings.saving import overtaken
from ripresa.contracts.calling.sayings import said_by as what_is_wrong
from ripresa.usecases.popup.settings import BadPopup, find_popup, for_pages, put_popup, read_popup
from ripresa.usecases.shops.page_key import heard_from_pages

# The script runs in the frame as it runs in a shop, and reaches nothing: no origin, no call, no form.
_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-scripts allow-forms"],
}


class Framed(HttpResponse):
    """A page for a frame of the console; django-csp takes the policy from the answer."""

    _csp_replace: ClassVar = _POLICY


@require_http_methods(["GET", "POST"])
@shop_page
def popup_page(request: ConsoleRequest) -> HttpResponse:
    """GET shows the settings with the words of one language, POST saves all or nothing."""
    shop, popup = request.shop, find_popup(request.shop)
    asked = request.POST if request.method == "POST" else request.GET
    language = popup_form.language_of(popup, asked.get("language", ""), shop)
    form = popup_form.form_of(popup, language)
    ticked: dict[str, Any] = {name: getattr(popup, name) for name in popup_form.SWITCHES}
    ticked["on_exit"] = popup.show.on_exit
    marked = mark(shop.popup)
    told: dict[str, Any] = {"seen": marked, "form_id": "popup-form"}
    if request.method == "POST":
        if request.may_change and is_overtaken(request, marked):
            told |= overtaken(request, form, marked, popup_form.words_of(popup))
            popup_form.show_typed(form, request.POST)
        else:
            answer = changes_shop(_save)(request, language=language)
            if not isinstance(answer, _Wrong):
                return answer
            told["seen"] = seen_of(request)
            popup_form.show_typed(form, request.POST, answer.text)
        ticked = {name: request.POST.get(name) == "yes" for name in ticked}
    shipped = popup_form.shipped_in(language, shop)
    return show_settings(
        request,
        "console/capture/popup.html",
        "popup",
        status=409 if "meanwhile" in told else 422 if form.problems else 200,
        **told,
        popup=popup,
        form=form,
        ticked=ticked,
        language=language,
        languages=popup_form.spoken(popup),
        colours=[(form[f"colour_{name}"], label) for name, label in popup_form.COLOURS.items()],
        words=[
            (form[f"word_{name}"], label, shipped.get(name, ""), is_long, name in popup_form.FIRST)
            for name, (label, is_long) in popup_form.WORDS.items()
        ],
        heard=heard_from_pages(shop_id=shop.id, now=request.now),
    )


class _Wrong(HttpResponse):
    """Stands for an answer that the page gives itself."""

    def __init__(self, text: str) -> None:
        super().__init__(status=422)
        self.text = text


def _save(request: ConsoleRequest, language: str) -> HttpResponse:
    before = (request.shop.popup or {}).get("said", {})
    try:
        popup = read_popup(popup_form.said_by(request.POST, before, language))
    except BadPopup as wrong:
        return _Wrong(told_now(what_is_wrong(wrong)).text)
    put_popup(shop=request.shop, popup=popup, now=request.now)
    messages.success(request, _("Saved. The shop’s pages follow within five minutes."))
    return redirect(f"{reverse('popup', args=[request.shop.slug])}?language={language}")


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def preview(request: ConsoleRequest) -> HttpResponse:
    """The pop-up over a made-up page, by the script that shops get; POST: as it is typed, unsaved."""
    shop, popup, trouble = request.shop, find_popup(request.shop), ""
    asked = request.POST if request.method == "POST" else request.GET
    language = popup_form.language_of(popup, asked.get("language", ""), shop)
    if request.method == "POST":
        before = (shop.popup or {}).get("said", {})
        try:
            popup = read_popup(popup_form.said_by(request.POST, before, language))
        except BadPopup as wrong:
            trouble = told_now(what_is_wrong(wrong)).text
    page = for_pages(popup, shop)
    # The frame speaks the language that is being written, whatever the browser likes best.
    page["words"] = {code: said for code, said in page["words"].items() if code == language}
    page["default_language"] = language
    answer = Framed(
        render(
            request,
            "console/capture/popup_frame.html",
            {"shop": shop, "page": page, "trouble": trouble, "is_there": bool(page["words"])},
        ).content
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
