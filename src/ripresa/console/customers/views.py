"""The list of customers, and one profile."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import push_url

from ripresa.console.layout import cursor
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import CONSENT
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.domain.carts import person_queries as persons
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.rules import is_strong
from ripresa.usecases.contacts.give_back_phone import give_back_phone
from ripresa.usecases.contacts.tell_contact import tell_contact
from ripresa.usecases.shops.saved_views import list_views

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list."""

    contact: Contact
    counts: persons.PersonCounts


@shop_page
def customer_list(request: ConsoleRequest) -> HttpResponse:
    """People by search words, the newest first. htmx asks for results or more rows alone."""
    words, consent = cleaned(request.GET.get("q")), request.GET.get("consent", "")
    consent = consent if consent in CONSENT else ""
    asked = {name: said for name, said in (("q", words), ("consent", consent)) if said}
    older_than = cursor.parse_id(request.GET.get("older"))
    found = contacts.list_by_consent(
        request.shop.id, words, consent, older_than=older_than, limit=PAGE + 1
    )
    page = found[:PAGE]
    counts = persons.counts_of_contacts(request.shop.id, [each.id for each in page])
    results: dict[str, Any] = {
        "words": words,
        "consent": consent,
        "query": urlencode(asked),
        "rows": [Row(each, counts.get(each.id, persons.PersonCounts())) for each in page],
        "older": page[-1].id if len(found) > PAGE else None,
        "continued": older_than is not None,
    }
    if request.htmx and older_than:
        return show_part(request, "console/customers/_more.html", **results)
    results["views"] = list_views(
        shop_id=request.shop.id, user_id=request.user.id or 0, room="customers"
    )
    if request.htmx and not request.htmx.history_restore_request:
        part = show_part(request, "console/customers/_results.html", **results)
        return push_url(part, f"{request.path}?{urlencode(asked)}" if asked else request.path)
    return show(request, "console/customers/list.html", "customers", **results)


@shop_page
def customer(request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
    """One person: what was bought and left, figures, keys, consent, fates, phone moves."""
    told = tell_contact(shop_id=request.shop.id, contact_id=contact_id, now=request.now)
    if told is None:
        raise Http404("no such customer in this shop")
    return show(
        request,
        "console/customers/customer.html",
        "customers",
        contact=told.contact,
        keys=told.keys,
        figures=told.figures,
        entries=told.entries,
        is_repeated=told.is_repeated,
        consents=told.consents,
        fates=told.fates,
        phone_moves=told.phone_moves,
        strong_keys=[key for key in told.keys if is_strong(key)],
        addresses=contacts.addresses_of(told.contact, told.keys),
        stops={
            each.suppressed.address: each.suppressed for each in told.consents if each.suppressed
        },
    )


@require_POST
@shop_page
@changes_shop
def give_back(request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
    """Undo a number's latest move: `phone` goes back to `key`, if this person has part in that move."""
    phone, key = request.POST.get("phone", ""), request.POST.get("key", "")
    words = {"phone": phone, "key": key}
    hers = contacts.keys_of(request.shop.id, contact_id)
    if not hers:
        raise Http404("no such customer in this shop")
    moves = contacts.phone_moves(request.shop.id, hers)
    if not any(move.stands and (move.phone, move.from_key) == (phone, key) for move in moves):
        messages.info(request, _("That number has moved on meanwhile; nothing was changed."))
    elif give_back_phone(shop_id=request.shop.id, phone=phone, key=key, now=request.now):
        messages.success(request, _("%(phone)s belongs to %(key)s again.") % words)
    else:
        messages.success(request, _("%(phone)s goes back to %(key)s in a moment.") % words)
    return redirect("customer", request.shop.slug, contact_id)
