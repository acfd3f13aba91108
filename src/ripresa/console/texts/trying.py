"""A text as a test: a mail to oneself, a short message whose cost is said first, a letter as PDF."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.connections.sayings import told_now, why_no_test
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import TEMPLATES
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.previews import letters
from ripresa.console.previews.basis import basis_of
from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.channel import Accepted, Channels, Fate
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.letters.preview import CannotPreview
from ripresa.usecases.shop_channels import open_shop_channels
from ripresa.usecases.templates.preview_message import recent_carts
from ripresa.usecases.templates.try_sms import NotPossible, TestSms
from ripresa.usecases.trials import try_text

CHANNELS = ("email", "sms", "letter")


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def try_out(request: ConsoleRequest, template: str, channel: str, language: str) -> HttpResponse:
    """Ask where a test goes, say what it costs, and send it."""
    if channel not in CHANNELS or not Texts(request.shop.id).speaks(template, channel, language):
        raise Http404("this text says nothing there")
    if channel == "letter":
        return _letter(request, template, language)
    problem, seen = "", None
    if request.method == "POST":
        try:
            seen = _send(request, template, channel, language)
        except NotPossible as wrong:
            problem = why_no_test(wrong)
        if not problem and seen is None:
            return redirect(request.get_full_path())
    return _page(request, (template, channel, language), problem, seen)


def _page(
    request: ConsoleRequest, text: tuple[str, str, str], problem: str, seen: TestSms | None
) -> HttpResponse:
    template, channel, language = text
    addresses = try_text.members_addresses(request.shop.id)
    mine = request.user.get_username()
    return show(
        request,
        "console/texts/try.html",
        "texts",
        status=422 if problem else 200,
        name=template,
        title=TEMPLATES.get(template, template),
        channel=channel,
        language=language,
        tongue=ENDONYMS.get(language, language),
        addresses=sorted(addresses, key=lambda each: each != mine),
        to=line(request.POST.get("to")),
        carts=recent_carts(request.shop.id),
        basis=basis_of(request),
        problem=problem,
        seen=seen,
        most=try_text.MOST_PER_HOUR,
    )


def _send(request: ConsoleRequest, template: str, channel: str, language: str) -> TestSms | None:
    """Send a mail; a short message only once its cost was seen: until then, what it would be."""
    to = line(request.POST.get("to"))
    test = try_text.Test(
        request.shop, template, language, basis_of(request), own_letterhead(), request.now
    )
    with _channels(request) as channels:
        if channel == "email":
            mail = try_text.mail_of(test, to=to)
            _say(request, try_text.send_mail_of(test, mail, channels), to)
            return None
        seen = try_text.sms_of(test, to=to, channels=channels)
        if request.POST.get("sure") != "yes":
            return seen
        _say(request, try_text.send_sms_of(test, seen, channels), to)
        return None


@contextmanager
def _channels(request: ConsoleRequest) -> Iterator[Channels]:
    opened = open_shop_channels()
    try:
        yield opened.of(request.shop.id, request.now)
    finally:
        opened.close()


def _say(request: ConsoleRequest, fate: Fate, to: str) -> None:
    if isinstance(fate, Accepted):
        messages.success(request, _("The test is on its way to %(to)s.") % {"to": to})
    else:
        said = _("The provider did not take it: %(detail)s")
        messages.warning(request, said % {"detail": told_now(fate.detail).text})


def _letter(request: ConsoleRequest, template: str, language: str) -> HttpResponse:
    """The letter as it would be printed; nothing is sent."""
    try:
        find = letters.of_text(template, language)
        return letters.pdf_of(request, find, f"{template}-{language}")
    except CannotPreview as wrong:
        messages.warning(request, told_now(said_by(wrong)).text)
        return redirect("preview", request.shop.slug, template, "letter", language)
