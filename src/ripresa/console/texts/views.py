"""The list of texts, the editor, and its canvas."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned, line
from ripresa.console.previews.basis import basis_of
from ripresa.console.previews.views import LOOKS, POLICY, Mail
from ripresa.console.texts import words
from ripresa.console.texts.managing import shipped
from ripresa.console.texts.shown import get_template, language_of, shown
from ripresa.domain.templates.blocks.document import load
from ripresa.usecases.templates import own_templates
from ripresa.usecases.templates.edit_template import NotATemplate
from ripresa.usecases.templates.own_templates import NameTaken
from ripresa.usecases.templates.preview_message import preview_document, recent_carts
from ripresa.usecases.templates.template_faults import faults

# What the editor shows of the mail beside its own styles: which block lies under the pointer.
_MARKED = (
    '<style>[class*="mark-"]{cursor:pointer}[class*="mark-"]:hover{outline:2px dashed #7c3050;'
    "outline-offset:-2px}.chosen{outline:2px solid #7c3050!important;outline-offset:-2px}"
    ".drop-above{box-shadow:0 -4px 0 #7c3050}.drop-below{box-shadow:0 4px 0 #7c3050}</style>"
)


class Canvas(Mail):
    """The mail in the editor: nothing in it runs, but the page around it may look inside."""

    _csp_replace: ClassVar = {**POLICY, "sandbox": ["allow-same-origin"]}


@require_http_methods(["GET", "POST"])
@shop_page
def text_list(request: ConsoleRequest) -> HttpResponse:
    """The shop's own templates and the shipped ones; POST begins a new one."""
    # As people write names: scenarios call it by a word without spaces.
    problem, name = "", "-".join(line(request.POST.get("name")).lower().split())
    if request.method == "POST":
        made = changes_shop(_begin)(request, name=name)
        if not isinstance(made, _Problem):
            return made
        problem = made.text
    return show(
        request,
        "console/texts/list.html",
        "texts",
        status=422 if problem else 200,
        own=own_templates.list_templates(request.shop.id),
        shipped=shipped(),
        chosen=cleaned(request.GET.get("preset")),
        language=request.shop.language if request.shop.language in ENDONYMS else "en",
        problem=problem,
        name=name,
    )


class _Problem(HttpResponse):
    """Stands for an answer that the list gives itself."""

    def __init__(self, text: str) -> None:
        super().__init__(status=422)
        self.text = text


def _begin(request: ConsoleRequest, name: str) -> HttpResponse:
    preset = request.POST.get("preset", "reminder")
    known = {one.name for one, _title in shipped()}
    try:
        made = own_templates.begin(
            shop=request.shop,
            name=name,
            preset=preset if preset in known else "reminder",
            who=request.user.get_username(),
            now=request.now,
        )
    except NameTaken:
        return _Problem(_("There is a text of this name already."))
    except NotATemplate as wrong:
        return _Problem(words.refusal(wrong))
    return redirect("text", request.shop.slug, made.id)


@shop_page
@changes_shop
def editor(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """One template: its blocks with their words in a language, beside the mail that they make."""
    template = get_template(request, template_id)
    document, parts = load(template.document), shown(request, template)
    basis = basis_of(request)
    return show(
        request,
        "console/texts/editor.html",
        "texts",
        **parts,
        languages=[
            (code, own, not faults(document, code, parts["brand"]))
            for code, own in ENDONYMS.items()
        ],
        looks=LOOKS,
        carts=recent_carts(request.shop.id),
        basis=basis,
        query=request.GET.urlencode(),
        chips=words.chips(),
    )


@shop_page
@changes_shop
def canvas(request: ConsoleRequest, template_id: UUID, language: str) -> HttpResponse:
    """The mail as it stands, for the frame beside the blocks; `as=text`: its plain text."""
    template = get_template(request, template_id)
    mail = preview_document(
        shop=request.shop,
        document=load(template.document),
        language=language_of(request, language),
        now=request.now,
        basis=basis_of(request, marks=True),
    )
    if request.GET.get("as") == "text":
        html = (
            f'<body style="font:14px/1.5 monospace;white-space:pre-wrap">{escape(mail.text)}</body>'
        )
    else:
        html = mail.html.replace("</head>", f"{_MARKED}</head>", 1)
    answer = Canvas(html)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
