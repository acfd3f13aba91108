"""Letters from the plan to the post, and what comes back of them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from ripresa.channels.print_folder.provider import PROVIDER as FOLDER
from ripresa.contracts.channel import Channels, RefusalKind, Refused
from ripresa.core.ids import new_id
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.contacts.models import Contact, Suppression
from ripresa.domain.messages.models import Decision, Message, MessageLetter
from ripresa.domain.templates.pictures import keep_picture
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.letters.cancelling import Canceller, CannotCancel, NoSuchLetter
from ripresa.usecases.letters.coming_back import Desk, Receipts
from ripresa.usecases.letters.coming_back import NoSuchLetter as NoSuchCode
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.shop_channels import ShopChannels
from tests.db.usecases.engine_world import DAY, HOUR, LETTERHEAD, T0, make_world
from tests.letters import ReadBack, small_png
from tests.pingen_server import GIVEN, PingenServer
from tests.rounds import run_due
from tests.scripted_http import HOST

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Ada Rossi", "lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma", "country": "IT"}  # fmt: skip
LETTER = "  - {id: first, after: 0h, send: [letter], template: reminder}\n"
TWO = LETTER + "  - {id: second, after: 48h, send: [letter], template: last_reminder}\n"


@pytest.fixture
def world():
    return make_world()


def left(world, steps=LETTER, **person):
    world.scenario(steps=steps)
    return world.cart(world.contact(address=ADDRESS, consent_letter="granted", **person))


def the_letter(world):
    return Message.objects.get(shop_id=world.shop_id, channel="letter", state="sent")


def test_what_was_printed_is_kept_with_its_code_and_says_the_same_again(world):
    world.letters.answers["Ada Rossi, Via Roma 1, 00184 Roma, IT"] = Refused(False, RefusalKind.OTHER, "later")  # fmt: skip
    left(world)
    world.run_until(T0 + DAY)
    world.letters.answers.clear()
    world.run_until(T0 + 2 * DAY)
    first, *_, again = world.letters.mails
    assert (first.pdf, first.code, first.address_lines) == (
        again.pdf,
        again.code,
        again.address_lines,
    )
    (row,) = MessageLetter.objects.filter(shop_id=world.shop_id)
    assert (row.code, row.pages, row.address_lines) == (
        again.code,
        again.pages,
        list(again.address_lines),
    )
    assert row.code in ReadBack(again.pdf).text()


def test_a_draft_that_did_not_leave_is_printed_anew(world):
    left(world)
    world.run_until(T0 + DAY - HOUR)
    assert not MessageLetter.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ({**ADDRESS, "postal_code": "184"}, "postal_code"),
        ({**ADDRESS, "country": "XX"}, "country"),
        ({**ADDRESS, "lines": ["a"] * 5}, "street"),
    ],
)
def test_an_address_that_cannot_be_is_a_reason_with_its_field(world, address, field):
    world.scenario(steps=LETTER)
    world.cart(world.contact(address=address, consent_letter="granted"))
    world.run_until(T0 + 2 * DAY)
    assert world.trail("outcome", "reason") == [("skipped", "no_address")]
    told = Decision.objects.get(shop_id=world.shop_id, reason="no_address")
    assert told.facts["field"] == field
    assert not world.letters.mails


def test_a_name_that_no_font_can_print_ends_its_letter_and_no_other(world):
    world.scenario(steps=LETTER)
    for name in ("Ada Rossi", "\u738b\u5c0f\u660e", "Ben Rossi"):
        world.cart(world.contact(name.lower().replace(" ", ""), address={**ADDRESS, "name": name}, consent_letter="granted"))  # fmt: skip
    world.run_until(T0 + 2 * DAY)
    assert sorted(letter.recipient.name for letter in world.letters.mails) == [
        "Ada Rossi",
        "Ben Rossi",
    ]
    failed = Message.objects.get(shop_id=world.shop_id, state="failed")
    assert "U+738B" in (failed.receipt or "")


def test_pictures_of_the_shop_are_printed(world):
    keep_picture(shop_id=world.shop_id, name="logo", content=small_png(), now=T0)
    left(world)
    world.run_until(T0 + 2 * DAY)
    (letter,) = world.letters.mails
    assert any(round(box.height) == 18 for box in ReadBack(letter.pdf).inked())


def test_a_letter_that_came_back_suppresses_its_address(world):
    left(world, TWO)
    world.run_until(T0 + 2 * DAY)
    code = world.letters.mails[0].code
    desk = Desk(world.shop_id, LETTERHEAD, world.now)
    assert desk.returned([code.lower().replace("-", " ").replace("0", "o")]) == 1
    assert desk.returned([code]) == 1
    (found,) = Suppression.objects.filter(shop_id=world.shop_id)
    assert (found.channel, found.cause) == ("letter", "hard_bounce")
    world.run_until(T0 + 5 * DAY)
    assert len(world.letters.mails) == 1
    assert ("skipped", "suppressed") in world.trail("outcome", "reason")


def test_who_asks_for_no_more_letters_gets_none(world):
    left(world, TWO)
    world.run_until(T0 + 2 * DAY)
    Desk(world.shop_id, LETTERHEAD, world.now).opted_out([world.letters.mails[0].code])
    world.run_until(T0 + 5 * DAY)
    assert len(world.letters.mails) == 1
    assert Contact.objects.get(shop_id=world.shop_id).consent_letter == "denied"


def test_one_wrong_code_and_nothing_is_taken_down(world):
    left(world)
    world.run_until(T0 + 2 * DAY)
    desk = Desk(world.shop_id, LETTERHEAD, world.now)
    for wrong in ("", "AAAAA-AAAAA", "no code", "\x00"):
        with pytest.raises(NoSuchCode):
            desk.returned([world.letters.mails[0].code, wrong])
    assert not Suppression.objects.filter(shop_id=world.shop_id).exists()


def test_a_code_of_another_shop_is_none_of_ours(world):
    left(world)
    world.run_until(T0 + 2 * DAY)
    other = make_world()
    with pytest.raises(NoSuchCode):
        Desk(other.shop_id, LETTERHEAD, T0).returned([world.letters.mails[0].code])


def test_a_print_folder_from_the_plan_to_the_postbox(world, tmp_path):
    channel = FOLDER.open(
        FOLDER.complete({"folder": str(tmp_path), "page_cost": "0.05", "postage": "1"})
    )
    world.letters = channel
    left(world)
    world.run_until(T0 + 2 * DAY)
    message = the_letter(world)
    assert (message.cost_minor, message.cost_currency) == (105, "EUR")
    (listed,) = tmp_path.glob("*.json")
    assert message.receipt == listed.stem
    (row,) = json.loads(listed.read_text("utf-8"))["letters"]
    assert row["code"] == MessageLetter.objects.get(shop_id=world.shop_id).code

    (tmp_path / "posted").mkdir()
    listed.replace(tmp_path / "posted" / listed.name)
    account = Accounts(PROVIDERS, BOX).add(
        shop_id=world.shop_id, provider_name="print_folder", name="folder",
        given={"folder": str(tmp_path)}, now=world.now,
    )  # fmt: skip
    channels = replace(world.channels, accounts={"letter": account.id})
    receipts = Receipts(channels, LETTERHEAD)
    assert receipts.shops_to_ask(world.now) == [world.shop_id]
    assert receipts.ask(shop_id=world.shop_id, now=world.now) == 1
    assert receipts.shops_to_ask(world.now + timedelta(seconds=59)) == []
    assert the_letter(world).delivery == "delivered"
    assert not list((tmp_path / "posted").glob("*.json"))


BOX = SecretBox((Fernet.generate_key().decode(),))


def test_a_planned_letter_is_cancelled(world):
    left(world, TWO)
    world.run_until(T0 + 2 * DAY)
    planned = Message.objects.get(shop_id=world.shop_id, state="planned")
    canceller = Canceller(Accounts(PROVIDERS, BOX), LETTERHEAD)
    canceller.cancel(shop_id=world.shop_id, message_id=planned.id, now=world.now)
    world.run_until(T0 + 5 * DAY)
    assert len(world.letters.mails) == 1
    assert ("cancelled", "by_hand") in world.trail("outcome", "reason")
    with pytest.raises(CannotCancel, match="cancelled"):
        canceller.cancel(shop_id=world.shop_id, message_id=planned.id, now=world.now)
    with pytest.raises(NoSuchLetter):
        canceller.cancel(shop_id=world.shop_id, message_id=new_id(T0), now=world.now)


def test_pingen_is_asked_to_let_a_letter_be(world, monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    with PingenServer() as pingen:
        accounts = Accounts(PROVIDERS, BOX)
        urls = {"api_url": pingen.api.url, "identity_url": pingen.api.url}
        accounts.add(
            shop_id=world.shop_id,
            provider_name="pingen",
            name="post",
            given={**GIVEN, **urls},
            now=T0,
        )
        shops = ShopChannels(accounts, Channels(world.channel, world.sms, world.letters))
        left(world)
        while (instant := world.next_due()) is not None and instant <= T0 + 2 * DAY:
            run_due(now=max(instant, world.now), channels=shops, letterhead=LETTERHEAD)
            world.now = max(instant, world.now)
        message = the_letter(world)
        assert (message.receipt, message.cost_currency) == ("letter-0", "CHF")
        canceller = Canceller(accounts, LETTERHEAD)
        pingen.letters["letter-0"]["status"] = "printing"
        with pytest.raises(CannotCancel, match="too late"):
            canceller.cancel(shop_id=world.shop_id, message_id=message.id, now=world.now)
        pingen.letters["letter-0"]["status"] = "submitted"
        canceller.cancel(shop_id=world.shop_id, message_id=message.id, now=world.now)
        assert the_letter(world).delivery == "cancelled"
        shops.close()
