"""Campaigns as files: in, out, checked, previewed; and whom each has taken."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked
from ripresa.api.scenarios.shapes import Checked
from ripresa.api.shapes.campaign import (
    CampaignDetail,
    CampaignShape,
    PreviewShape,
    RecipientShape,
    detail_of,
)
from ripresa.api.shapes.yaml_file import FILE_IN, FILE_OUT, answer_file, invalid, read_file
from ripresa.domain.campaigns import queries
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.usecases.campaigns import keep
from ripresa.usecases.campaigns.life import NotPossible
from ripresa.usecases.campaigns.preview import Question, of_campaign, of_file, preview

router = Router(tags=["campaigns"])

FILE_NAME = "campaign.yaml"


class PreviewAsked(Asked):
    """How many people are looked at; all of them are counted."""

    most: Annotated[int, Field(ge=1, le=2000)] = 500


@router.get("/campaigns", response=Page[CampaignShape], auth=READ, operation_id="list_campaigns")
def list_campaigns(request: ApiRequest) -> Page[CampaignShape]:
    """All campaigns of the shop, those made latest first, on one page."""
    found = queries.list_campaigns(request.shop.id)
    people = queries.people_reached(request.shop.id, [one.id for one in found])
    currency = request.shop.currency
    items = [CampaignShape.of(one, currency, people.get(one.id, 0)) for one in found]
    return Page[CampaignShape](items=items, next=None)


@router.post(
    "/campaigns",
    response={200: CampaignDetail, 201: CampaignDetail},
    auth=WRITE,
    operation_id="save_campaign",
    openapi_extra=FILE_IN,
)
def save(request: ApiRequest) -> Status[CampaignDetail]:
    """Store a campaign file as a draft (201); a draft of that name is changed (200)."""
    try:
        stored = keep.keep_campaign(
            shop_id=request.shop.id,
            text=read_file(request),
            file_name=FILE_NAME,
            now=request.now,
        )
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
    return Status(201 if stored.is_new else 200, detail_of(stored.campaign))


@router.post(
    "/campaigns/check",
    response=Checked,
    auth=READ,
    operation_id="check_campaign",
    openapi_extra=FILE_IN,
)
def check(request: ApiRequest) -> Checked:
    """Say whether a file could be stored, and if not, everything that is wrong; stores nothing."""
    return Checked(name=_plan(request).name)


@router.post(
    "/campaigns/preview",
    response=PreviewShape,
    auth=READ,
    operation_id="preview_campaign_file",
    openapi_extra=FILE_IN,
)
def preview_file(request: ApiRequest, asked: Query[PreviewAsked]) -> PreviewShape:
    """How many a file would write to now, and who falls away why. Nothing is touched."""
    plan = _plan(request)
    try:
        return _looked(request, of_file(request.shop, plan), asked)
    except NotPossible as wrong:
        raise Refused(409, str(wrong)) from None


@router.get(
    "/campaigns/{campaign_id}", response=CampaignDetail, auth=READ, operation_id="get_campaign"
)
def get_campaign(request: ApiRequest, campaign_id: UUID) -> CampaignDetail:
    """One campaign, with what became of its messages and why."""
    return detail_of(find(request, campaign_id))


@router.delete(
    "/campaigns/{campaign_id}",
    response={204: None},
    auth=WRITE,
    operation_id="delete_campaign_draft",
)
def delete(request: ApiRequest, campaign_id: UUID) -> Status[None]:
    """Delete a draft. 409 for what has begun: end it instead."""
    try:
        keep.delete_draft(find(request, campaign_id), now=request.now)
    except keep.NotADraft as wrong:
        raise Refused(409, str(wrong)) from None
    return Status(204, None)


@router.get(
    "/campaigns/{campaign_id}/file",
    auth=READ,
    operation_id="export_campaign",
    openapi_extra=FILE_OUT,
)
def export_campaign(request: ApiRequest, campaign_id: UUID) -> HttpResponse:
    """Its file, word for word."""
    return answer_file(find(request, campaign_id).text)


@router.get(
    "/campaigns/{campaign_id}/preview",
    response=PreviewShape,
    auth=READ,
    operation_id="preview_campaign",
)
def preview_campaign(
    request: ApiRequest, campaign_id: UUID, asked: Query[PreviewAsked]
) -> PreviewShape:
    """How many more it would write to now, and who falls away why. Nothing is touched."""
    campaign = find(request, campaign_id)
    try:
        return _looked(request, of_campaign(request.shop, campaign), asked)
    except NotPossible as wrong:
        raise Refused(409, str(wrong)) from None


@router.get(
    "/campaigns/{campaign_id}/people",
    response=Page[RecipientShape],
    auth=READ,
    operation_id="list_people_of_campaign",
)
def list_people(
    request: ApiRequest, campaign_id: UUID, asked: Query[Paging]
) -> Page[RecipientShape]:
    """Whom it has taken, the latest first. What became of her: `/messages?contact_id=`."""
    found = queries.list_recipients(
        find(request, campaign_id), older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[RecipientShape](items=[RecipientShape.of(row) for row in rows], next=following)


def find(request: ApiRequest, campaign_id: UUID) -> Campaign:
    """A campaign of the key's shop. Raises NotFound."""
    campaign = queries.find_campaign(request.shop.id, campaign_id)
    if campaign is None:
        raise NotFound("campaign")
    return campaign


def _looked(request: ApiRequest, question: Question, asked: PreviewAsked) -> PreviewShape:
    _refuse_strangers(request)
    found = preview(question, now=request.now, most=asked.most)
    return PreviewShape.of(found, request.shop.currency)


def _refuse_strangers(request: HttpRequest) -> None:
    # The framework drops what it does not know: a mistyped parameter would be ignored.
    for name in request.GET:
        if name not in PreviewAsked.model_fields:
            raise Refused.field(name, "there is no such parameter")


def _plan(request: ApiRequest) -> CampaignPlan:
    try:
        return keep.check_campaign(read_file(request), file_name=FILE_NAME, shop=request.shop)
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
