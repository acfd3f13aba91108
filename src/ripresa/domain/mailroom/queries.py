"""Reading the mails that were kept for somebody to look at."""

from uuid import UUID

from ripresa.domain.mailroom.models import KEPT, ReceivedMail


def list_kept(shop_id: int, *, older_than: UUID | None, limit: int) -> list[ReceivedMail]:
    """Mails that were not understood, the latest first, without what they say: ids sort by time."""
    kept = ReceivedMail.objects.filter(shop_id=shop_id, outcome__in=KEPT)
    if older_than is not None:
        kept = kept.filter(id__lt=older_than)
    return list(kept.defer("raw").order_by("-id")[:limit])


def find_kept(shop_id: int, mail_id: UUID) -> ReceivedMail | None:
    """One of them, whole."""
    return ReceivedMail.objects.filter(shop_id=shop_id, id=mail_id, outcome__in=KEPT).first()
