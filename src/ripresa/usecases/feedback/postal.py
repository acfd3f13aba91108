"""Under which text an address is suppressed: for a letter, the whole address as the profile has it."""

from django.db.models import TextField
from django.db.models.functions import Cast

from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.feedback import Item
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.sending.addresses import postal_address
from ripresa.domain.shops.models import Shop


def suppressed_as(shop_id: int, item: Item, message: Message | None) -> str | None:
    """The address as hand-over looks for it; None where there is nothing to suppress.

    Of a letter that is the address in the person's profile, if it is still the one written to.
    """
    if item.channel != "letter":
        return item.recipient
    if message is None:
        return None
    profile = Contact.objects.filter(shop_id=shop_id, id=message.contact_id)
    text = profile.annotate(as_text=Cast("address", TextField())).values_list("as_text", flat=True)
    found = text.first()
    if found is None:
        return None
    country = Shop.objects.values_list("country", flat=True).get(id=shop_id)
    postal = postal_address(found, country)
    # The name may come from the profile's own: what matters is the place.
    is_same = postal is not None and (message.to_address or "").endswith(postal.text)
    return found if is_same else None
