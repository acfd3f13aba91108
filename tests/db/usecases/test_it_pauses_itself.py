"""SCN-11: what can't go on pauses itself, says why, and its owner is told once; nothing planned is lost."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import RefusalKind, Refused, Unknown
from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponCode, CouponIssue, CouponPool
from ripresa.domain.messages import owner_notices
from ripresa.domain.messages.models import Message, OwnerNotice
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.templates import catalogue
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.sending.pauses import TOO_MANY
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
OWNER = "owner@shop.test"
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
SMS = "  - {id: first, after: 0h, send: [sms], template: reminder}\n"
WITH_CODE = (
    "  - {id: first, after: 0h, send: [email], template: reminder, coupon: {pool: WINTER}}\n"
)
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"


@pytest.fixture
def world():
    return make_world()


def pool(world, *codes, **values):
    made = CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="WINTER", kind="dynamic", created_at=T0, **values
    )
    fill(world, made, *codes)
    return made


def fill(world, made, *codes):
    for code in codes:
        CouponCode.objects.create(shop_id=world.shop_id, id=new_id(T0), pool_id=made.id, code=code)


def people(world, count, **person):
    for number in range(count):
        who = world.contact(f"p{number}", phone=f"+39333000000{number}", **person)
        world.cart(who, left_at=T0 + timedelta(seconds=number))


@pytest.fixture
def needy(monkeypatch):
    """The presets say something without a coupon; here is one whose text would have a hole."""
    monkeypatch.setattr("ripresa.domain.templates.shelf.Texts.needs_coupon", lambda *_: True)


def to_owner(world):
    return [mail for mail in world.channel.mails if mail.recipient.address == OWNER]


def to_people(world):
    """By address: several threads send, and whose mail leaves first is anybody's guess."""
    mails = [mail for mail in world.channel.mails if mail.recipient.address != OWNER]
    return sorted(mails, key=lambda mail: mail.recipient.address)


def test_coupons_run_out_in_the_middle_of_a_batch(world, needy):
    made = pool(world, "A1", "A2", "A3")
    scenario_id = world.scenario(steps=WITH_CODE)
    people(world, 5)
    world.run_until(T0 + DAY + HOUR)
    assert len(to_people(world)) == 3
    given = CouponIssue.objects.filter(shop_id=world.shop_id)
    assert sorted(given.values_list("code", flat=True)) == ["A1", "A2", "A3"]
    assert given.filter(sent_at__isnull=True).count() == 0
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    assert (scenario.state, scenario.paused_reason) == (
        "paused",
        "the coupons of WINTER are used up",
    )
    assert world.trail("outcome", "reason").count(("held", "paused")) == 2
    (told,) = to_owner(world)
    assert told.subject == "Left is paused: coupons are missing"
    assert "the coupons of WINTER are used up" in told.text
    assert told.unsubscribe_url == ""

    fill(world, made, "B1", "B2")
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run_until(T0 + 2 * DAY)
    assert len(to_people(world)) == 5
    assert world.states() == ["sent"] * 5
    codes = given.values_list("code", flat=True)
    assert len(set(codes)) == len(codes) == 5
    assert len(to_owner(world)) == 1


def test_what_is_too_late_at_the_resume_is_skipped_with_its_reason(world, needy):
    made = pool(world)
    scenario_id = world.scenario(steps=WITH_CODE)
    people(world, 1)
    world.run_until(T0 + 5 * DAY)
    fill(world, made, "A1")
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run_until(T0 + 6 * DAY)
    assert [line[2:] for line in world.trail()] == [("held", "paused"), ("skipped", "stale")]
    assert not CouponIssue.objects.filter(shop_id=world.shop_id).exists()


def test_where_the_text_can_do_without_it_goes_without_and_says_so(world):
    pool(world, "WELCOME-BACK")  # long enough to stand in no random link
    world.scenario(steps=WITH_CODE)
    people(world, 2)
    world.run_until(T0 + 2 * DAY)
    first, second = to_people(world)
    assert "WELCOME-BACK" in first.text
    assert "WELCOME-BACK" not in second.text + second.html
    assert sorted(world.trail("outcome", "reason")) == [("sent", "due")] * 2
    facts = [one["coupon"] for (one,) in world.trail("facts") if "coupon" in one]
    assert facts == ["no_coupon"]
    assert Scenario.objects.get(shop_id=world.shop_id).state == "live"


def test_no_credit_pauses_the_scenario_and_holds_the_message(world):
    scenario_id = world.scenario(more=FREE, steps=SMS)
    people(world, 2, consent_sms="granted")
    for number in range(2):
        world.sms.answers[f"+39333000000{number}"] = Refused(
            True, RefusalKind.CREDIT, "balance 0.00"
        )
    world.run_until(T0 + DAY + HOUR)
    assert world.states() == ["planned", "planned"]
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    assert (scenario.state, scenario.paused_reason) == ("paused", "balance 0.00")
    (told,) = to_owner(world)
    assert "no credit" in told.subject
    world.sms.answers.clear()
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run_until(T0 + 2 * DAY)
    assert world.states() == ["sent", "sent"]


def test_a_refused_sender_rests_and_the_owner_is_told(world):
    world.scenario(more="sender: {name: Ciao, email: ciao@shop.test}", steps=ONE)
    people(world, 1)
    world.channel.answers["p0@example.test"] = Refused(True, RefusalKind.POLICY, "550 5.7.1 spam")
    world.run_until(T0 + DAY + HOUR)
    (told,) = to_owner(world)
    assert told.subject == "ciao@shop.test can't send mails"
    assert "550 5.7.1 spam" in told.text
    assert world.states() == ["planned"]


def test_too_many_failures_in_a_row_pause_and_one_success_between_does_not(world):
    world.scenario(steps=ONE)
    for number in range(TOO_MANY + 1):
        world.cart(world.contact(f"p{number}"), left_at=T0 + HOUR * number, due_at=T0 + HOUR * (number + 1))  # fmt: skip
    refusal = Refused(True, RefusalKind.OTHER, "552 too big")
    for number in range(TOO_MANY - 1):
        world.channel.answers[f"p{number}@example.test"] = refusal
    world.run_until(T0 + 3 * DAY)
    assert Scenario.objects.get(shop_id=world.shop_id).state == "live"

    other = make_world()
    other.scenario(steps=ONE)
    for number in range(TOO_MANY + 1):
        other.cart(other.contact(f"p{number}"), left_at=T0 + HOUR * number, due_at=T0 + HOUR * (number + 1))  # fmt: skip
        other.channel.answers[f"p{number}@example.test"] = refusal
    other.run_until(T0 + 3 * DAY)
    assert Scenario.objects.get(shop_id=other.shop_id).state == "paused"
    assert other.states() == ["failed"] * TOO_MANY + ["planned"]
    (told,) = to_owner(other)
    assert "552 too big" in told.text


def test_a_notice_to_the_owner_is_tried_again_and_has_an_end(world):
    owner_notices.tell_owner(
        shop_id=world.shop_id, tellings=[owner_notices.Telling("sender", "a@b.test", "why")], now=T0
    )
    world.channel.answers[OWNER] = Refused(False, RefusalKind.OTHER, "451 later")
    for minutes in range(0, 60 * 24, 5):
        world.run(T0 + timedelta(minutes=minutes))
    assert len(to_owner(world)) == owner_notices.MOST_TRIES
    notice = OwnerNotice.objects.get(shop_id=world.shop_id)
    assert (notice.due_at, notice.mailed_at) == (None, None)


@pytest.mark.parametrize("fate", [Unknown("lost"), Refused(True, RefusalKind.OTHER, "no")])
def test_a_notice_whose_fate_is_unknown_or_sealed_is_not_repeated(world, fate):
    owner_notices.tell_owner(
        shop_id=world.shop_id, tellings=[owner_notices.Telling("sender", "a@b.test", "why")], now=T0
    )
    world.channel.answers[OWNER] = fate
    for day in range(3):
        world.run(T0 + day * DAY)
    assert len(to_owner(world)) == 1


KINDS = [
    "coupons",
    "coupons_low",
    "credit",
    "sender",
    "account",
    "refused",
    "failures",
    "volume",
    "campaign",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_five_languages(kind):
    said = set()
    for language in ("en", "it", "ro-RO", "ru", "de-AT"):
        words = owner_notices.words_of(kind, "Left", "because", language)
        assert "Left" in words.subject
        assert "because" in words.text
        assert "{" not in words.subject + words.text
        said.add(words)
    assert len(said) == 5
    # Who speaks none of them is told in English.
    assert owner_notices.words_of(kind, "Left", "because", "fr") in said


def test_a_preset_never_needs_a_coupon():
    assert not any(
        catalogue.needs_coupon(preset.name, channel, language)
        for preset in catalogue.list_presets()
        for channel in preset.channels
        for language in preset.languages
    )


def test_one_coupon_in_so_many_days(world, needy):
    pool(world, "A1", "A2")
    world.set(coupon_gap=10 * DAY)
    world.scenario(steps=WITH_CODE + WITH_CODE.replace("first", "second").replace("0h", "2d"))
    people(world, 1)
    world.run_until(T0 + 5 * DAY)
    assert [line[1:] for line in world.trail()] == [
        ("first", "sent", "due"),
        ("second", "skipped", "coupon_cap"),
    ]
    assert Message.objects.get(shop_id=world.shop_id, step="first").coupon_code in {"A1", "A2"}


def test_both_messages_of_a_step_carry_one_code_that_ends_when_it_says(world):
    pool(world, "A1", "A2")
    steps = (
        "  - {id: first, after: 0h, send: [email, sms], template: reminder,"
        " coupon: {pool: WINTER, valid_for: 48h}}\n"
    )
    world.scenario(more=FREE, steps=steps)
    people(world, 1, consent_sms="granted", timezone="America/Lima")
    world.run_until(T0 + 2 * DAY)
    (mail,), (sms,) = to_people(world), world.sms.mails
    (code,) = set(CouponIssue.objects.filter(shop_id=world.shop_id).values_list("code", flat=True))
    assert code in mail.text
    assert code in sms.text
    # 48 hours after 17:00 in Rome, as her own clock in Lima shows it.
    assert "October 6, 10:00" in mail.text.replace("\u202f", " ")
    found = Message.objects.filter(shop_id=world.shop_id)
    assert set(found.values_list("coupon_code", "coupon_expires_at")) == {(code, T0 + 3 * DAY)}
