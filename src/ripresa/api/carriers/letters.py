"""Letters as they would be printed."""

from base64 import b64encode
from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field, StringConstraints

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.contracts.letters.windows import WINDOWS, window_of
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.templates.errors import TemplateError
from ripresa.usecases.letters import preview as use_case

router = Router(tags=["providers"])

_MOST_SOURCE = 50_000
WindowName = Annotated[str, Field(json_schema_extra={"enum": list(WINDOWS)})]
Source = Annotated[str, StringConstraints(max_length=_MOST_SOURCE)]


class LetterPreviewAsked(Asked):
    """Which letter: a preset's by `template`, one of your own by `source` (YAML), or what a scenario sends.

    `step` is one of `scenario`'s; without it, its first letter. What is left out is the shop's own.
    """

    template: Words = "reminder"
    source: Source = ""
    scenario: Words = ""
    step: Words = ""
    language: Maybe[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]] = None
    window: Maybe[WindowName] = None
    country: Maybe[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = None
    coupon: Annotated[str, Field(max_length=64)] = ""


class LetterPreview(BaseModel):
    """The letter about a made-up cart; `pdf` in base64. Its links lead nowhere."""

    template: str
    language: str
    pdf: str


@router.post("/letters/preview", response=LetterPreview, auth=READ, operation_id="preview_letter")
def preview_letter(request: ApiRequest, asked: LetterPreviewAsked) -> LetterPreview:
    """Print a letter about a made-up cart. Nothing is sent and nothing is kept."""
    shop = request.shop
    if asked.window is not None and asked.window not in WINDOWS:
        raise Refused.field("window", f"there are: {', '.join(WINDOWS)}")
    wanted = use_case.Wanted(
        asked.template,
        asked.language or ("" if asked.scenario else shop.language),
        WINDOWS[asked.window] if asked.window else window_of(shop.country),
        asked.country or shop.country,
        asked.source,
        asked.coupon,
    )
    try:
        if asked.scenario:
            wanted = use_case.letter_of(
                shop_id=shop.id, scenario=asked.scenario, step=asked.step, wanted=wanted
            )
        pdf = use_case.preview(
            shop=shop, letterhead=own_letterhead(), wanted=wanted, now=request.now
        )
    except (use_case.CannotPreview, TemplateError) as wrong:
        raise Refused(422, str(wrong)) from None
    return LetterPreview(
        template=wanted.template, language=wanted.language, pdf=b64encode(pdf).decode()
    )
