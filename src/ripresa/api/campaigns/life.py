"""A campaign's life: started, paused, resumed, given a budget, ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from ninja import Router

from ripresa.api.campaigns.files import find
from ripresa.api.protocol.access import SEND, WRITE, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.shapes.campaign import (
    CampaignDetail,
    EndedCampaign,
    PauseCampaign,
    SetBudget,
    Start,
    Started,
    detail_of,
)
from ripresa.core.money import parse_minor
from ripresa.usecases.campaigns import life as use_case

router = Router(tags=["campaigns"])


@router.post(
    "/campaigns/{campaign_id}/start", response=Started, auth=SEND, operation_id="start_campaign"
)
def start(request: ApiRequest, campaign_id: UUID, asked: Start) -> Started:
    """Let a draft begin, at once or at the instant it names. 409 unless it is a draft."""
    campaign = find(request, campaign_id)
    with _possible():
        people = use_case.start(campaign, now=request.now, at_most=asked.at_most)
    return Started(people=people, campaign=detail_of(find(request, campaign_id)))


@router.post(
    "/campaigns/{campaign_id}/pause",
    response=CampaignDetail,
    auth=WRITE,
    operation_id="pause_campaign",
)
def pause(request: ApiRequest, campaign_id: UUID, asked: PauseCampaign) -> CampaignDetail:
    """Hold back what it has planned, and take in nobody new. 409 unless it is scheduled or live."""
    with _possible():
        use_case.pause(find(request, campaign_id), why=asked.why, now=request.now)
    return detail_of(find(request, campaign_id))


@router.post(
    "/campaigns/{campaign_id}/resume",
    response=CampaignDetail,
    auth=SEND,
    operation_id="resume_campaign",
)
def resume(request: ApiRequest, campaign_id: UUID) -> CampaignDetail:
    """Let it go on: what is still due goes out at once. 409 unless it is paused."""
    with _possible():
        use_case.resume(find(request, campaign_id), now=request.now)
    return detail_of(find(request, campaign_id))


@router.put(
    "/campaigns/{campaign_id}/budget",
    response=CampaignDetail,
    auth=SEND,
    operation_id="set_budget_of_campaign",
)
def set_budget(request: ApiRequest, campaign_id: UUID, asked: SetBudget) -> CampaignDetail:
    """Set what it may use up in all. 409 where more is used up already, or it has ended."""
    minor = None if asked.max_cost is None else parse_minor(asked.max_cost, request.shop.currency)
    with _possible():
        use_case.set_budget(
            find(request, campaign_id), use_case.Limits(asked.max_messages, minor), now=request.now
        )
    return detail_of(find(request, campaign_id))


@router.post(
    "/campaigns/{campaign_id}/end",
    response=EndedCampaign,
    auth=WRITE,
    operation_id="end_campaign",
)
def end(request: ApiRequest, campaign_id: UUID) -> EndedCampaign:
    """End it for good: what it has planned is cancelled. 409 for a draft, or if it has ended."""
    with _possible():
        cancelled = use_case.end(find(request, campaign_id), now=request.now)
    return EndedCampaign(messages=cancelled, campaign=detail_of(find(request, campaign_id)))


@contextmanager
def _possible() -> Iterator[None]:
    """Around what a campaign must be in a certain state for."""
    try:
        yield
    except use_case.NotPossible as wrong:
        raise Refused(409, str(wrong)) from None
