"""Whom a campaign has taken, with fate and reason for each; and why somebody is not among them."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils.text import slugify

from ripresa.console.campaigns.views import get_campaign
from ripresa.console.campaigns.words import fates_of
from ripresa.console.layout import badges, cursor, reasons
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.core.delimited.taking_away import take_away_csv
from ripresa.domain.campaigns import recipients
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.contacts import queries as contacts
from ripresa.usecases.campaigns import why

PAGE = 50
_NAMED_AT_ONCE = 500
_HEADS = (
    "name", "email", "phone", "channel", "state", "reason", "planned_for", "handed_over_at", "to_address",
)  # fmt: skip


@shop_page
def people(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """Its people, the latest first, by fate; and what stands between it and one person."""
    campaign = get_campaign(request, campaign_id)
    older_than = cursor.parse_id(request.GET.get("older"))
    fate = _fate(request)
    found = recipients.list_told(campaign, fate, older_than=older_than, limit=PAGE + 1)
    page = found[:PAGE]
    shown: dict[str, Any] = {
        "campaign": campaign,
        "rows": _named(request.shop.id, page),
        "fate": fate,
        "older": page[-1].recipient.id if len(found) > PAGE else None,
    }
    if request.htmx and older_than:
        return show_part(request, "console/campaigns/_people_more.html", **shown)
    return show(
        request, "console/campaigns/people.html", "campaigns", states=badges.MESSAGE,
        reasons=reasons.SENTENCES, **_asked_for(request, campaign), **shown,
    )  # fmt: skip


def _fate(request: ConsoleRequest) -> recipients.Fate:
    state, reason = request.GET.get("state", ""), request.GET.get("reason", "")
    return recipients.Fate(
        state if state in badges.MESSAGE else "", reason if reason in reasons.SENTENCES else ""
    )


def _named(shop_id: int, told: list[recipients.Told]) -> list[tuple[Any, recipients.Told]]:
    ids = [one.recipient.contact_id for one in told]
    people_by_id = contacts.contacts_by_id(shop_id, ids)
    return [(people_by_id.get(one.recipient.contact_id), one) for one in told]


def _asked_for(request: ConsoleRequest, campaign: Campaign) -> dict[str, Any]:
    """The answer to "why not her?", where somebody is asked for."""
    who = cleaned(request.GET.get("who"))
    if not who:
        return {"who": ""}
    found = list(contacts.search(request.shop.id, who)[:1])
    if not found:
        return {"who": who, "person": None}
    answer = why.why(request.shop, campaign, found[0].id, now=request.now)
    fates = fates_of(answer.would)
    return {"who": who, "person": found[0], "answer": answer, "fates": fates}


@shop_page
def people_csv(request: ConsoleRequest, campaign_id: UUID) -> HttpResponseBase:
    """All of them as CSV, one line for each message."""
    campaign = get_campaign(request, campaign_id)
    rows = (
        _cells(contact, message)
        for contact, told in _every(request, campaign)
        for message in told.messages
    )
    return take_away_csv(chain([_HEADS], rows), slugify(campaign.name) or "campaign")


def _every(request: ConsoleRequest, campaign: Campaign) -> Iterator[tuple[Any, recipients.Told]]:
    waiting = recipients.every_told(campaign, _fate(request))
    while some := list(islice(waiting, _NAMED_AT_ONCE)):
        yield from _named(request.shop.id, some)


def _cells(contact: Any, message: Any) -> list[str]:
    name = " ".join(filter(None, (contact.first_name, contact.last_name))) if contact else ""
    times = (message.planned_for, message.handed_over_at)
    return [
        name,
        (contact and contact.email) or "",
        (contact and contact.phone) or "",
        message.channel,
        message.state,
        message.reason or "",
        *(at.isoformat() if at else "" for at in times),
        message.to_address or "",
    ]
