"""The brand kit, and the blocks that were saved."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from msgspec.structs import asdict

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import fitting
from ripresa.console.overtaking.marks import Difference, asked, is_overtaken, mark, seen_of
from ripresa.console.pictures.views import shown as shown_picture
from ripresa.console.pictures.views import take_files
from ripresa.console.texts import words
from ripresa.domain.media.addresses import key_of, read_key
from ripresa.domain.media.library import list_files
from ripresa.domain.templates.blocks.brand import FACES, LONGEST_LINE, NETWORKS
from ripresa.domain.templates.blocks.kits import forget_saved, list_saved, look_of
from ripresa.domain.templates.blocks.markup import NETWORK_NAMES
from ripresa.usecases.templates.brand import NotABrand, change_brand

COLOUR_NAMES: dict[str, Promise | str] = {
    "page": gettext_lazy("Behind the mail"),
    "card": gettext_lazy("The mail itself"),
    "accent": gettext_lazy("The line above it"),
    "ink": gettext_lazy("Words"),
    "button": gettext_lazy("Buttons"),
    "button_ink": gettext_lazy("Words on buttons"),
}
_MOST_SHOWN = 30
_LONGEST = 2_000


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def edit(request: ConsoleRequest) -> HttpResponse:
    """Colours, faces, logo, foot and networks of the shop's own texts."""
    wrong, told = "", {"seen": mark(look_of(request.shop.id).brand)}
    if request.method == "POST" and is_overtaken(request, told["seen"]):
        told = asked(request, _differing(request), told["seen"])
    elif request.method == "POST":
        said = {name: fitting(str(value), _most(name)) for name, value in request.POST.items()}
        taken = take_files(request)
        if taken:
            said["logo"] = key_of(taken[0]).text
        try:
            change_brand(
                shop=request.shop, said=said, who=request.user.get_username(), now=request.now
            )
        except NotABrand as problem:
            wrong = problem.field
        else:
            messages.success(request, _("Every text of yours looks like this now."))
            return redirect("brand", request.shop.slug)
        told["seen"] = seen_of(request)
    return _page(request, wrong, told)


def _most(name: str) -> int:
    """How many characters of a field are kept."""
    is_line = name in {"company", "contact"} or name.startswith("note_")
    return LONGEST_LINE if is_line else _LONGEST


def _differing(request: ConsoleRequest) -> list[Difference]:
    """The fields in which hers is another than what is stored."""
    brand = look_of(request.shop.id).brand
    stored = {name: str(value) for name, value in asdict(brand).items()}
    stored |= {f"note_{code}": text for code, text in brand.notes.items()}
    stored |= {f"social_{name}": text for name, text in brand.social.items()}
    choices = {"logo": _logos(request.shop.id), "headline_face": _faces(), "text_face": _faces()}
    found = []
    for name, title in _titles().items():
        was, typed = stored.get(name, ""), str(request.POST.get(name, "")).strip()
        if name in request.POST and typed != was:
            named = choices.get(name, {})
            found.append(Difference(named.get(was, was), named.get(typed, typed), name, title))
    return found


def _titles() -> dict[str, str]:
    """What each field is called on the page."""
    return {
        "logo": _("Logo"),
        "logo_width": _("Width in pixels"),
        **{name: str(title) for name, title in COLOUR_NAMES.items()},
        "headline_face": _("Headings in"),
        "text_face": _("Words in"),
        "radius": _("Roundness of corners"),
        "company": _("Company, as the law wants it named"),
        "contact": _("How to reach you"),
        **{f"note_{code}": f"{_('One more line')} · {own}" for code, own in ENDONYMS.items()},
        **{f"social_{name}": _network(name) for name in NETWORKS},
    }


def _network(name: str) -> str:
    return _("Website") if name == "website" else NETWORK_NAMES[name]


def _faces() -> dict[str, str]:
    return {name: stack.partition(",")[0].strip("'") for name, stack in FACES.items()}


def _logos(shop_id: int) -> dict[str, str]:
    pictures = {key_of(file).text: file.name for file in list_files(shop_id)}
    return {"": _("None: the shop's name"), **pictures}


def _page(request: ConsoleRequest, wrong: str, told: Mapping[str, Any]) -> HttpResponse:
    post = request.POST
    stored = asdict(look_of(request.shop.id).brand)
    # What was typed stands there until it is saved.
    brand = SimpleNamespace(**stored | {name: post[name] for name in stored if name in post})
    logo = read_key(brand.logo)
    return show(
        request,
        "console/texts/brand.html",
        "texts",
        status=409 if "meanwhile" in told else 422 if wrong else 200,
        **told,
        brand=brand,
        wrong=wrong,
        colours=[
            (name, title, post.get(name, getattr(brand, name)))
            for name, title in COLOUR_NAMES.items()
        ],
        faces=_faces().items(),
        logo_path=f"/m/{logo.at_most(600).text}" if logo else "",
        pictures=[shown_picture(file) for file in list_files(request.shop.id)[:_MOST_SHOWN]],
        notes=[
            (code, own, post.get(f"note_{code}", brand.notes.get(code, "")))
            for code, own in ENDONYMS.items()
        ],
        networks=[
            (
                f"social_{name}",
                _network(name),
                post.get(f"social_{name}", brand.social.get(name, "")),
            )
            for name in NETWORKS
        ],
        saved=[
            (each, words.BLOCKS.get(each.block.get("kind", ""), ""))
            for each in list_saved(request.shop.id)
        ],
    )


@require_POST
@shop_page
@changes_shop
def forget_block(request: ConsoleRequest, saved_id: UUID) -> HttpResponse:
    """Take a saved block away; texts that have taken it over keep it."""
    if not forget_saved(shop_id=request.shop.id, saved_id=saved_id):
        raise Http404("no such block in this shop")
    messages.success(request, _("The saved block is gone. Texts that use it keep it."))
    return redirect("brand", request.shop.slug)
