"""Merge two people: find the other, see what comes together, confirm."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.customers.actions import get_person
from ripresa.console.layout import cursor
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.console.templatetags.console import person
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.usecases.contacts.merge_contacts import (
    CannotMerge,
    Together,
    merge_contacts,
    preview_merge,
)

_MOST = 20


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def merge(request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
    """GET finds somebody and shows what would come together; POST merges."""
    contact = get_person(request, contact_id)
    words = cleaned(request.GET.get("q"))
    other_id = cursor.parse_id((request.POST or request.GET).get("with"))
    told, problem = _look(request, contact, other_id)
    if request.method == "POST" and told is not None:
        merge_contacts(
            shop_id=request.shop.id,
            contact_id=told.stays.contact.id,
            other_id=told.joins.contact.id,
            now=request.now,
        )
        messages.success(
            request, _("They are one person in a moment. To take it back, take out keys below.")
        )
        return redirect("customer", request.shop.slug, told.stays.contact.id)
    found = contacts.list_contacts(request.shop.id, words, older_than=None, limit=_MOST)
    return show(
        request,
        "console/customers/merge.html",
        "customers",
        status=422 if problem else 200,
        contact=contact,
        called=person(contact),
        words=words,
        found=[one for one in found if one.id != contact.id] if words else [],
        told=told,
        other_id=other_id,
        problem=problem,
    )


def _look(
    request: ConsoleRequest, contact: Contact, other_id: UUID | None
) -> tuple[Together | None, str]:
    """What would come together, or why it can't."""
    if other_id is None:
        return None, ""
    try:
        told = preview_merge(shop_id=request.shop.id, contact_id=contact.id, other_id=other_id)
    except CannotMerge:
        return None, _(
            "These two can't be merged: each needs an e-mail address or a customer id, and nobody may "
            "have split them by hand."
        )
    return told, ""
