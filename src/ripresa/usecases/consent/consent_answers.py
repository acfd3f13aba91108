"""Double opt-in: what she answers, by the button of a page or by a short message."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.feedback import Feedback
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.consents import requests
from ripresa.domain.contacts.models import ConsentRequest, Contact
from ripresa.usecases.consent.change_consent import Said, say

SOURCE = "double opt-in"


@transaction.atomic
def agree(
    *, shop_id: int, request: ConsentRequest, proof: Proof, at: datetime, now: datetime
) -> None:
    """Record a yes to what was asked, for whoever is behind the address or number."""
    channel = channel_of(request)
    said = Said({channel: "granted"}, proof, at)
    for key, holder in _holders(shop_id, request):
        say(shop_id=shop_id, contact_id=holder, key=key, said=said, now=now)
    mine = ConsentRequest.objects.filter(shop_id=shop_id, id=request.id)
    mine.filter(confirmed_at__isnull=True).update(confirmed_at=now, due_at=None)


def channel_of(request: ConsentRequest) -> str:
    """What was asked about: email, or sms."""
    return "sms" if request.key.startswith("phone:") else "email"


def _holders(shop_id: int, request: ConsentRequest) -> list[tuple[str, UUID]]:
    """Who is asked, each under the key that her words are kept by. A number may be that of several."""
    if channel_of(request) == "email":
        found = contacts.holders_of_keys(shop_id, [request.key]).get(request.key)
        return [] if found is None else [(request.key, found)]
    phone = request.key.removeprefix("phone:")
    asked = Contact.objects.filter(shop_id=shop_id, phone=phone, consent_sms="pending")
    return [(contacts.main_key(one) or request.key, one.id) for one in asked.order_by("id")]


def hear_yes(*, shop_id: int, phone: str, said: Feedback, now: datetime) -> bool:
    """Take a yes from `phone` as her answer; False: nothing was asked of that number."""
    request = requests.find_open_text(shop_id, phone, now)
    if request is None:
        return False
    proof = Proof(SOURCE, f"by SMS: {said.text}", f"feedback:{said.event_id}")
    agree(shop_id=shop_id, request=request, proof=proof, at=min(said.occurred_at, now), now=now)
    return True
