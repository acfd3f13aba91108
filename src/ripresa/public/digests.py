"""The way out of mails of figures. A GET ends nothing: scanners follow links."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ripresa.domain.messages.links import own_letterhead
from ripresa.public import pages
from ripresa.public.links import NOWHERE
from ripresa.public.request import PublicRequest
from ripresa.usecases.digests.wishes import end_wish, find_by_link


@csrf_exempt  # the signed id in the address is the authority
@require_http_methods(["GET", "HEAD", "POST"])
def digest_page(request: PublicRequest, link: str) -> HttpResponse:
    """GET asks; POST, by her or by her mail program, ends them."""
    wish = find_by_link(link, own_letterhead())
    if wish is None:
        return pages.nothing_there(request, NOWHERE)
    if request.method == "POST":
        end_wish(shop_id=wish.shop_id, user_id=wish.user_id)
    return pages.show(
        request,
        "public/digest.html",
        wish.shop,
        spoken=wish.language,
        is_done=request.method == "POST",
    )
