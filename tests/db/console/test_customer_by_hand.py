"""CUS-1, CUS-6, CNS-1, CNS-3, CNS-6: what a member does to one person by hand."""

from django.urls import reverse

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.contacts.models import (
    ConsentWord,
    Contact,
    ContactKey,
    ContactLink,
    Suppression,
)
from ripresa.domain.inbox.models import InboxEvent
from ripresa.usecases.fold_events import fold_shop
from tests.db.console.pages import part, text_of
from tests.rows import T0


def page(name: str, contact: Contact) -> str:
    return reverse(name, args=["wines", contact.id])


def do(client, name: str, contact: Contact, **said: object) -> str:
    return text_of(client.post(page(name, contact), said, follow=True))


def actions(world) -> list[str]:
    found = AuditEntry.objects.filter(shop=world.shop, subject_kind="contact")
    return sorted(found.values_list("action", flat=True))


def test_consent_is_written_down_with_its_proof_and_in_force_at_once(world, ada):
    yes = {"channel": "sms", "state": "granted", "where": "by phone", "text": "Yes, text me."}
    assert "A yes needs its proof" in do(ada, "customer-consent", world.ben, **{**yes, "text": ""})
    assert "Say how she told you" in do(
        ada, "customer-consent", world.ben, channel="sms", state="denied", where=""
    )
    assert "can't be written down" in do(
        ada, "customer-consent", world.ben, **{**yes, "channel": "pigeon"}
    )
    assert not ConsentWord.objects.filter(shop=world.shop).exists()
    assert "in force" in do(ada, "customer-consent", world.ben, **yes)
    world.ben.refresh_from_db()
    assert world.ben.consent_sms == "granted"
    word = ConsentWord.objects.get(shop=world.shop, key="email:ben@mail.test")
    assert (word.source, word.text, word.by) == ("by phone", "Yes, text me.", "ada@wines.test")
    do(ada, "customer-consent", world.cleo, channel="letter", state="denied", where="by phone")
    world.cleo.refresh_from_db()
    assert world.cleo.consent_letter == "denied"
    assert actions(world) == ["changed", "changed"]


def test_an_address_is_suppressed_and_taken_off_again(world, ada):
    assert "Nothing goes to ben@mail.test any more." in do(
        ada, "customer-suppress", world.ben, address="ben@mail.test", why="asked at the till"
    )
    stop = Suppression.objects.get(shop=world.shop, address="ben@mail.test")
    assert (stop.cause, stop.detail) == ("manual", "asked at the till")
    assert "Suppressed: by hand" in part(
        ada.get(page("customer", world.ben)), "Suppression of addresses"
    )
    assert "none of her addresses" in do(
        ada, "customer-lift", world.ben, address="cleo@mail.test", why="x"
    )
    assert "may be written to again" in do(
        ada, "customer-lift", world.ben, address="ben@mail.test", why="asked"
    )
    grave = {"address": "cleo@mail.test", "why": "she wrote to us"}
    assert "tick that you are sure" in do(ada, "customer-lift", world.cleo, **grave)
    assert "may be written to again" in do(ada, "customer-lift", world.cleo, **grave, sure="yes")


def test_a_merge_is_taken_back(world, ada):
    assert "customer:c_77" in part(ada.get(page("customer", world.ben)), "Keys of this person")
    everything = {"key": ["customer:c_77", "email:ben@mail.test"]}
    assert "leave at least one" in do(ada, "customer-split", world.ben, **everything)
    assert "leave at least one" in do(ada, "customer-split", world.ben, key="email:cleo@mail.test")
    ContactLink.objects.create(
        shop=world.shop, left_key="customer:c_77", right_key="email:ben@mail.test"
    )
    assert "parted in a moment" in do(ada, "customer-split", world.ben, key="customer:c_77")
    fold_shop(shop_id=world.shop.id, now=T0)
    held = dict(ContactKey.objects.filter(shop=world.shop).values_list("key", "contact_id"))
    assert held["customer:c_77"] != held["email:ben@mail.test"]
    assert actions(world) == ["split"]


def test_her_data_is_told_and_she_is_erased_for_good(world, ada):
    told = ada.get(page("customer-data", world.ben))
    assert "attachment" in told.headers["Content-Disposition"]
    assert "ben@mail.test" in told.content.decode()
    erase = page("customer-erase", world.ben)
    assert "To go on, write: Ben Rossi" in text_of(ada.get(erase))
    assert ada.post(erase, {"name": "Cleo"}).status_code == 422
    gone = ada.post(erase, {"name": "ben rossi "}, follow=True)
    assert "She is erased." in text_of(gone)
    world.ben.refresh_from_db()
    assert (world.ben.email, world.ben.first_name) == (None, None)
    assert ada.get(erase).status_code == 404
    assert actions(world) == ["erased", "exported"]


def test_two_are_merged_by_hand_once_it_is_seen_what_comes_together(world, ada):
    address = page("customer-merge", world.ben)
    assert "Cleo" in text_of(ada.get(address, {"q": "cleo@mail.test"}))
    told = text_of(ada.get(address, {"with": str(world.cleo.id)}))
    assert "said no to E-mail" in told
    assert ada.get(address, {"with": str(world.ben.id)}).status_code == 422
    ada.post(address, {"with": str(world.cleo.id)})
    merged = InboxEvent.objects.get(shop=world.shop, external_id__startswith="merge:")
    assert merged.source == "by hand"
    assert actions(world) == ["merged", "merged"]
