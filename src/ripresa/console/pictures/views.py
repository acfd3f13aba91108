"""The library: bring pictures, say what they show, see where they stand, take one away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.pictures.problems import sentence
from ripresa.domain.media.addresses import PATH, key_of
from ripresa.domain.media.imaging import MAX_BYTES, MIDDLE, BadImage
from ripresa.domain.media.library import list_files
from ripresa.domain.media.models import MediaFile
from ripresa.usecases.templates import picture_library
from ripresa.usecases.templates.picture_library import BRAND, InUse, NoSuchPicture

MOST_AT_ONCE = 20


@shop_page
def library(request: ConsoleRequest) -> HttpResponse:
    """All pictures of the shop, the newest first."""
    used = picture_library.usage(request.shop.id)
    return show(
        request,
        "console/pictures/library.html",
        "texts",
        pictures=[
            (shown(file), _places(used.get(file.digest, [])))
            for file in list_files(request.shop.id)
        ],
    )


def _places(names: list[str]) -> list[str]:
    return [_("Brand kit") if name == BRAND else name for name in names]


def shown(file: MediaFile) -> dict[str, Any]:
    """What pages say of a picture. Paths, not addresses: the console shows what it serves itself."""
    key = key_of(file)
    return {
        "id": file.id,
        "key": key.text,
        "name": file.name,
        "alt": file.alt,
        "width": file.width,
        "height": file.height,
        "kilobytes": max(1, round(file.size / 1024)),
        "path": f"/{PATH}/{key.at_most(MIDDLE).text}",
        "added_by": file.added_by,
        "added_at": file.added_at,
    }


def take_files(request: ConsoleRequest) -> list[MediaFile]:
    """Keep the files that came with a form; what can't be taken is said in a message."""
    taken = []
    for sent in request.FILES.getlist("file")[:MOST_AT_ONCE]:
        try:
            taken.append(_take(request, sent))
        except BadImage as wrong:
            messages.warning(request, f"{sent.name}: {sentence(wrong)}")
    return taken


def _take(request: ConsoleRequest, sent: "UploadedFile[bytes]") -> MediaFile:
    return picture_library.bring(
        shop_id=request.shop.id,
        name=sent.name or "",
        content=sent.read(MAX_BYTES + 1),
        who=request.user.get_username(),
        now=request.now,
    )


@require_POST
@shop_page
@changes_shop
def upload(request: ConsoleRequest) -> HttpResponse:
    """Bring pictures."""
    count = len(take_files(request))
    if count:
        said = ngettext("%(count)s picture is kept.", "%(count)s pictures are kept.", count)
        messages.success(request, said % {"count": count})
    elif not request.FILES:
        messages.warning(request, _("Choose a file first."))
    return redirect("pictures", request.shop.slug)


@require_POST
@shop_page
@changes_shop
def describe(request: ConsoleRequest, media_id: UUID) -> HttpResponse:
    """Say what a picture shows."""
    try:
        picture_library.describe(
            shop_id=request.shop.id, media_id=media_id, alt=line(request.POST.get("alt"))
        )
    except NoSuchPicture:
        raise Http404("no such picture in this shop") from None
    return redirect("pictures", request.shop.slug)


@require_POST
@shop_page
@changes_shop
def remove(request: ConsoleRequest, media_id: UUID) -> HttpResponse:
    """Take a picture away, unless it stands in a text."""
    try:
        picture_library.remove(shop_id=request.shop.id, media_id=media_id, now=request.now)
    except NoSuchPicture:
        raise Http404("no such picture in this shop") from None
    except InUse as used:
        said = _("It stands in %(places)s: take it out there first.")
        messages.warning(request, said % {"places": ", ".join(_places(used.places))})
    else:
        messages.success(request, _("The picture is gone."))
    return redirect("pictures", request.shop.slug)
