"""A person followed a restore link: noted once; it is what brings a cart back by `link` (CAP-5).

Only a click on the page's button gets here. Machines that fetch every link of a mail never do.
"""

from datetime import datetime

from django.db import transaction

from ripresa.domain.attribution import stale
from ripresa.domain.messages.models import MessageLink


@transaction.atomic
def follow_restore_link(*, shop_id: int, token_hash: bytes, now: datetime) -> None:
    """Note the first click; a later one changes nothing."""
    links = MessageLink.objects.filter(shop_id=shop_id, token_hash=token_hash, purpose="restore")
    if links.filter(used_at__isnull=True).update(used_at=now):
        told = links.values_list("message_id", flat=True)
        stale.mark_messages(shop_id=shop_id, message_ids=set(told), now=now)
