"""The proof: what a campaign says to three real people, before anybody gets it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse

from ripresa.console.campaigns.writing import get_draft
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.previews.views import Mail
from ripresa.contracts.calling.sayings import said_by
from ripresa.domain.messages.links import own_letterhead
from ripresa.usecases.campaigns import drafts
from ripresa.usecases.campaigns.life import NotPossible
from ripresa.usecases.campaigns.preview import of_file
from ripresa.usecases.campaigns.proof import Proof, proofs


@shop_page
@changes_shop
def proof(request: ConsoleRequest, sketch_id: UUID) -> HttpResponse:
    """Three people, and each message that they would get."""
    draft = get_draft(request, sketch_id)
    found, problem = _found(request, sketch_id)
    return show(
        request, "console/campaigns/proof.html", "campaigns", draft=draft, proofs=found,
        problem=problem,
    )  # fmt: skip


@shop_page
@changes_shop
def mail(request: ConsoleRequest, sketch_id: UUID, person_id: UUID) -> HttpResponse:
    """The mail to one of them alone, as her reader's program gets it."""
    answer = Mail(_one(request, sketch_id, person_id, "email").html)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@shop_page
@changes_shop
def letter(request: ConsoleRequest, sketch_id: UUID, person_id: UUID) -> HttpResponse:
    """The letter to one of them, as it would be printed."""
    one = _one(request, sketch_id, person_id, "letter")
    answer = HttpResponse(one.pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="proof.pdf"'
    return answer


def _one(request: ConsoleRequest, sketch_id: UUID, person_id: UUID, channel: str) -> Proof:
    found, _problem = _found(request, sketch_id, person_id)
    for one in found:
        if one.channel == channel and (one.html or one.pdf):
            return one
    raise Http404("nothing of that kind would go to that person")


def _found(
    request: ConsoleRequest, sketch_id: UUID, person_id: UUID | None = None
) -> tuple[Sequence[Proof], str]:
    plan, _problems = drafts.check(get_draft(request, sketch_id), request.shop)
    if plan is None:
        return [], ""
    try:
        question = of_file(request.shop, plan)
    except NotPossible as wrong:
        return [], said_by(wrong)
    found = proofs(question, letterhead=own_letterhead(), now=request.now, contact_id=person_id)
    return found, ""
