"""The language a person chooses herself (LNG-2)."""

from datetime import datetime
from uuid import UUID

from ripresa.domain.contacts import profile
from ripresa.domain.contacts.models import LanguageChoice
from ripresa.domain.contacts.people import People


def choose_language(
    *, shop_id: int, contact_id: UUID, key: str, language: str | None, now: datetime
) -> None:
    """Keep under `key` what its person, whose row is locked, chose; None: what her browser says."""
    if language is None:
        LanguageChoice.objects.filter(shop_id=shop_id, key=key).delete()
    else:
        LanguageChoice.objects.update_or_create(
            shop_id=shop_id, key=key, defaults={"language": language, "chosen_at": now}
        )
    profile.refresh(shop_id=shop_id, contact_ids=[contact_id], people=People(), now=now)


def language_of(shop_id: int, key: str) -> str | None:
    """What was chosen under `key`."""
    found = LanguageChoice.objects.filter(shop_id=shop_id, key=key)
    return found.values_list("language", flat=True).first()
