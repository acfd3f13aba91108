"""What members do to one person by hand: consent, suppression, keys parted, her data told, herself erased.

Each is the use case that API and command line have, and leaves a line in the audit log, which names her by
her id alone.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.suppressions.by_hand import Deed
from ripresa.usecases.consent.change_consent import NotAConsent, Said, change_consent
from ripresa.usecases.consent.suppressions import lift_suppression, suppress_address
from ripresa.usecases.contacts.split_contact import Parted, split_contact
from ripresa.usecases.personal_data.erase import Erased, erase_contact
from ripresa.usecases.personal_data.export import PersonalData, collect


@transaction.atomic
def write_consent_down(
    contact: Contact, *, states: Mapping[str, str], where: str, text: str, who: str, now: datetime
) -> None:
    """What she said to `who`, by channel. A yes needs its proof: `where`, and the words of it.

    Raises NotAConsent.
    """
    key = contacts.main_key(contact)
    if key is None:
        raise NotAConsent("this person has no key by which a consent could be kept")
    if "granted" in states.values() and not (where and text):
        raise NotAConsent("a yes needs its proof: where it was said, and in which words")
    proof = Proof(where, text, f"console:{new_id(now)}", by=who)
    change_consent(shop_id=contact.shop_id, key=key, said=Said(states, proof, now), now=now)
    write_down(
        shop_id=contact.shop_id,
        action=Action.CHANGED,
        subject=Subject(About.CONTACT, contact.id),
        after={f"consent_{channel}": state for channel, state in states.items()},
        now=now,
    )


@transaction.atomic
def stop_address(contact: Contact, address: str, *, deed: Deed, now: datetime) -> None:
    """Never write to one of her addresses again. Raises NotAnAddress."""
    suppress_address(shop_id=contact.shop_id, text=address, deed=deed, now=now)
    _note(contact, Action.STOPPED, now)


@transaction.atomic
def free_address(
    contact: Contact, address: str, *, deed: Deed, confirmed: bool, now: datetime
) -> None:
    """Take one off the list again. Raises NotAnAddress, NotListed, NeedsConfirmation."""
    lift_suppression(shop_id=contact.shop_id, text=address, deed=deed, confirmed=confirmed, now=now)
    _note(contact, Action.RESUMED, now)


@transaction.atomic
def part_keys(contact: Contact, keys: Collection[str], *, now: datetime) -> Parted:
    """Take a merge back: `keys` become a person of their own with the next fold. Raises CannotSplit."""
    parted = split_contact(shop_id=contact.shop_id, keys=keys, now=now)
    _note(contact, Action.SPLIT, now)
    return parted


@transaction.atomic
def tell_all(contact: Contact, *, now: datetime) -> PersonalData | None:
    """Everything that is kept of her, as she may ask for it."""
    data = collect(shop_id=contact.shop_id, contact_id=contact.id, now=now)
    _note(contact, Action.EXPORTED, now)
    return data


@transaction.atomic
def erase(contact: Contact, *, who: str, now: datetime) -> Erased:
    """Erase her for good. Raises personal_data.erase.NobodyThere."""
    done = erase_contact(shop_id=contact.shop_id, contact_id=contact.id, by=who, now=now)
    _note(contact, Action.ERASED, now)
    return done


def _note(contact: Contact, action: Action, now: datetime) -> None:
    subject = Subject(About.CONTACT, contact.id)
    write_down(shop_id=contact.shop_id, action=action, subject=subject, now=now)
