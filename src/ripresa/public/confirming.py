"""The page behind a mail that asks whether a consent was hers. A GET confirms nothing."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ripresa.domain.messages.links import own_letterhead
from ripresa.public import pages
from ripresa.public.links import NOWHERE, Found
from ripresa.public.request import PublicRequest, client_ip
from ripresa.public.texts import TEXTS, choose_language
from ripresa.usecases.ask_for_consent import confirm, find_asked


@csrf_exempt  # the signed id in the address is the authority
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: PublicRequest, link: str) -> HttpResponse:
    """GET asks, POST is her answer."""
    asked = find_asked(link, own_letterhead(), request.now)
    if asked is None:
        return pages.nothing_there(request, NOWHERE)
    if asked.is_expired:
        gone = Found(asked.shop, None, b"", is_expired=True)
        return pages.nothing_there(request, gone)
    if request.method == "POST":
        words = TEXTS[choose_language(request, asked.shop.language)]
        agreed = words["agree"].format(channel=words[asked.channel])
        confirm(asked=asked, words=agreed, ip=client_ip(request), now=request.now)
    return pages.show(
        request,
        "public/confirm.html",
        asked.shop,
        text=asked.text,
        is_done=request.method == "POST",
    )
