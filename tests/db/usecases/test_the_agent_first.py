"""AGT-1, SCN-8: the agent is told first, and the customer hears only if the deal still stands there."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import RefusalKind, Refused, Unknown
from ripresa.domain.carts.models import Cart
from ripresa.domain.deals.models import Agent, Deal
from ripresa.domain.messages.models import Message
from ripresa.domain.messages.operations import release_held
from ripresa.usecases.send_messages import LEASE
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
TELL = "  - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}\n"
THEN = (
    "  - {id: second, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email],"
    " template: agent_reminder, sender: agent}\n"
)
BRUNO = "bruno@shop.test"
TAKEN = T0 + DAY


@pytest.fixture
def world():
    return make_world()


def left(world, steps=TELL + THEN, more="", **person):
    world.scenario(more=more, steps=steps)
    return world.cart(world.contact(**{"agent": BRUNO, "last_name": "Rossi", **person}))


def lines(world):
    """The trail; a notice comes first where something follows it at once."""
    found = world.trail("at", "step", "channel", "outcome", "reason")
    return sorted(found, key=lambda line: (line[0], line[2]))


def test_the_agent_is_told_and_48_hours_later_the_customer_hears_from_the_agent(world):
    left(world)
    world.run_until(T0 + 5 * DAY)
    notice, mail = world.channel.mails
    assert notice.recipient.address == mail.sender.address == BRUNO
    assert notice.sender.address == "owner@shop.test"
    assert notice.unsubscribe_url == ""
    assert "Ada Rossi" in notice.subject
    assert mail.recipient.address == "ada@example.test"
    assert mail.reply_to is None
    assert lines(world) == [
        (TAKEN, "tell", "agent", "sent", "due"),
        (TAKEN + 2 * DAY, "second", "email", "sent", "due"),
    ]
    deal = Deal.objects.select_related("stage", "agent").get(shop_id=world.shop_id)
    assert (deal.stage.key, deal.agent.email, deal.opened_at) == ("check_out_abandoned", BRUNO, TAKEN)  # fmt: skip
    told = Message.objects.get(shop_id=world.shop_id, channel="agent")
    assert (told.to_address, told.rule) == (BRUNO, "notice")


def test_without_an_agent_the_owner_is_told_and_the_mail_is_the_shop_s(world):
    left(world, agent=None)
    world.run_until(T0 + 5 * DAY)
    notice, mail = world.channel.mails
    assert notice.recipient.address == mail.sender.address == "owner@shop.test"


def test_a_deal_that_has_moved_on_leaves_the_customer_in_peace(world):
    left(world)
    world.run_until(TAKEN + DAY)
    from ripresa.domain.deals import operations as deals

    deal = Deal.objects.get(shop_id=world.shop_id)
    deals.win(
        shop_id=world.shop_id, deal_id=deal.id, from_stage="check_out_abandoned", who=BRUNO,
        now=world.now,
    )  # fmt: skip
    world.run_until(T0 + 5 * DAY)
    assert lines(world)[1:] == [(TAKEN + 2 * DAY, "second", "email", "skipped", "only_if")]


def test_what_counts_from_a_notice_waits_for_it_and_counts_from_its_hand_over(world):
    left(world)
    world.set(stopped_at=T0)
    world.run_until(TAKEN + 50 * HOUR)
    assert lines(world) == [
        (TAKEN, "tell", "agent", "held", "stopped"),
        (TAKEN + 48 * HOUR, "second", "email", "held", "agent_first"),
    ]
    world.set(stopped_at=None)
    release_held(shop_id=world.shop_id, now=world.now)
    world.run_until(T0 + 10 * DAY)
    assert lines(world)[2:] == [
        (TAKEN + 50 * HOUR, "tell", "agent", "sent", "due"),
        (TAKEN + 98 * HOUR, "second", "email", "sent", "due"),
    ]


def test_a_step_right_after_the_notice_follows_it_at_once(world):
    left(world, TELL + THEN.replace("48h", "0h"))
    world.run_until(T0 + 5 * DAY)
    assert lines(world) == [
        (TAKEN, "tell", "agent", "sent", "due"),
        (TAKEN, "second", "email", "sent", "due"),
    ]


def test_a_step_of_the_same_instant_is_asked_when_the_deal_is_open(world):
    then = THEN.replace("after: 48h", "after: 24h, from: left")
    left(world, steps=TELL + then)
    world.run_until(T0 + 2 * DAY)
    assert lines(world) == [
        (TAKEN, "tell", "agent", "sent", "due"),
        (TAKEN, "second", "email", "sent", "due"),
    ]


def test_steps_further_on_count_from_it_too(world):
    third = "  - {id: third, after: 24h, send: [email], template: last_reminder}\n"
    left(world, TELL + THEN + third, "quiet_hours: {agent: {from: '09:00', until: '16:00'}}")
    world.run_until(T0 + 10 * DAY)
    told = TAKEN + 16 * HOUR
    assert lines(world) == [
        (TAKEN, "tell", "agent", "held", "quiet_hours"),
        (told, "tell", "agent", "sent", "due"),
        (told + 48 * HOUR, "second", "email", "sent", "due"),
        (told + 72 * HOUR, "third", "email", "sent", "due"),
    ]


def test_a_notice_refused_for_now_keeps_the_customer_waiting(world):
    left(world, TELL + THEN.replace("48h", "1m"))
    world.channel.answers[BRUNO] = Refused(False, RefusalKind.OTHER, "451 later")
    world.run_until(TAKEN + timedelta(minutes=3))
    assert [line[1:] for line in lines(world)] == [("second", "email", "held", "agent_first")]
    world.channel.answers.clear()
    world.run_until(TAKEN + DAY)
    told = TAKEN + timedelta(minutes=6)
    assert lines(world)[1:] == [
        (told, "tell", "agent", "sent", "due"),
        (told + timedelta(minutes=1), "second", "email", "sent", "due"),
    ]


def test_a_notice_refused_for_good_keeps_nobody_waiting(world):
    steps = TELL + "  - {id: second, after: 1h, send: [email], template: reminder}\n"
    left(world, steps)
    world.channel.answers[BRUNO] = Refused(True, RefusalKind.MAILBOX, "550 no such user")
    world.run_until(T0 + 5 * DAY)
    assert lines(world) == [
        (TAKEN, "tell", "agent", "failed", "refused"),
        (TAKEN + HOUR, "second", "email", "sent", "due"),
    ]


def test_a_notice_that_nobody_can_hear_opens_its_deal_all_the_same(world):
    """AGT-2: a branch that names a stage opens a deal there; SCN-8: then the mail goes after all."""
    world.set(owner_email="")
    left(world, agent=None, more="sender: {name: Bottega, email: ciao@shop.test}")
    world.run_until(T0 + 5 * DAY)
    assert lines(world) == [
        (TAKEN, "tell", "agent", "skipped", "no_email"),
        (TAKEN + 2 * DAY, "second", "email", "sent", "due"),
    ]
    deal = Deal.objects.select_related("stage").get(shop_id=world.shop_id)
    assert (deal.stage.key, deal.opened_at) == ("check_out_abandoned", TAKEN)


def test_a_notice_that_comes_too_late_opens_its_deal_all_the_same(world):
    then = THEN.replace("48h", "4h, from: abandoned")
    left(world, more="stale_after: 1h", steps=TELL + then)
    world.set(stopped_at=T0)
    world.run_until(TAKEN + 2 * HOUR)
    world.set(stopped_at=None)
    release_held(shop_id=world.shop_id, now=world.now)
    world.run_until(T0 + 10 * DAY)
    assert [line[1:] for line in lines(world) if line[3] != "held"] == [
        ("tell", "agent", "skipped", "stale"),
        ("second", "email", "sent", "due"),
    ]


def test_a_step_of_the_same_instant_sees_the_deal_of_a_notice_that_nobody_hears(world):
    world.set(owner_email="")
    more = "sender: {name: Bottega, email: ciao@shop.test}"
    left(world, steps=TELL + THEN.replace("48h", "0h"), agent=None, more=more)
    world.run_until(T0 + 5 * DAY)
    assert [line[1:] for line in lines(world)] == [
        ("tell", "agent", "skipped", "no_email"),
        ("second", "email", "sent", "due"),
    ]


def test_where_there_is_nothing_to_sell_a_skipped_notice_opens_no_deal(world):
    left(world, more="limits: {not_after_order: 30d}")
    from ripresa.domain.contacts.models import Contact

    world.order(Contact.objects.get(shop_id=world.shop_id), placed_at=T0 - DAY)
    world.run_until(T0 + 5 * DAY)
    assert {line[3:] for line in lines(world)} == {("skipped", "recent_order")}
    assert not Deal.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.parametrize("dies", [False, True])
def test_a_notice_that_may_have_left_counts_as_told(world, dies, monkeypatch):
    left(world, TELL + THEN, "stale_after: 30d")
    world.run_until(TAKEN - HOUR)
    if dies:

        def die(batch, timeout):
            raise KeyboardInterrupt

        monkeypatch.setattr(world.channel, "send", die)
        with pytest.raises(KeyboardInterrupt):
            world.run(TAKEN)
        monkeypatch.undo()
        world.run(TAKEN + LEASE + timedelta(seconds=1))
        world.run_until(TAKEN + 10 * DAY)
    else:
        world.channel.answers[BRUNO] = Unknown("lost after the dot")
        world.run_until(T0 + 10 * DAY)
    assert [line[1:] for line in lines(world)] == [
        ("tell", "agent", "unknown", "unknown"),
        ("second", "email", "sent", "due"),
    ]
    assert lines(world)[1][0] == TAKEN + 2 * DAY


def test_a_notice_needs_no_consent_and_counts_towards_no_cap(world):
    steps = TELL + "  - {id: second, after: 1h, send: [email], template: reminder}\n"
    more = "legal_basis: any\nlimits: {not_more_often_than: 24h, max_messages_per_30d: 1}"
    left(world, steps, more, consent_email="unknown")
    world.run_until(T0 + 5 * DAY)
    assert [line[1:] for line in lines(world)] == [
        ("tell", "agent", "sent", "due"),
        ("second", "email", "sent", "due"),
    ]
    left_too = make_world()
    left(left_too, TELL + THEN, consent_email="denied")
    left_too.run_until(T0 + 5 * DAY)
    assert [line[1:] for line in lines(left_too)] == [
        ("tell", "agent", "sent", "due"),
        ("second", "email", "skipped", "no_consent"),
    ]


def test_who_buys_before_the_notice_is_told_about_to_nobody(world):
    left(world)
    world.run_until(TAKEN - HOUR)
    world.accept_order("email:ada@example.test")
    world.run(TAKEN)
    assert world.channel.mails == []
    Cart.objects.filter(shop_id=world.shop_id).update(state="recovered", due_at=None)
    world.run(TAKEN + HOUR)
    assert world.channel.mails == []
    assert not Deal.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.parametrize(
    ("stop_on", "done", "expected"),
    [
        ("reply", "replied", ("cancelled", "replied")),
        ("reply", "called", ("sent", "due")),
        ("agent_contact", "called", ("cancelled", "agent_contact")),
        ("agent_contact", "taken over", ("cancelled", "agent_contact")),
        ("agent_contact", "replied", ("sent", "due")),
        ("", "called", ("sent", "due")),
    ],
)
def test_what_the_agent_did_stops_the_mail_if_the_scenario_says_so(world, stop_on, done, expected):
    from ripresa.domain.deals import operations as deals

    left(world, more=f"stop_on: [{stop_on}]")
    world.run_until(TAKEN + DAY)
    deal = Deal.objects.get(shop_id=world.shop_id)
    at = {"shop_id": world.shop_id, "deal_id": deal.id, "who": BRUNO, "now": world.now}
    match done:
        case "replied":
            deals.log_reply(**at, at=world.now, text="")
        case "called":
            deals.log_call(**at, at=world.now, text="")
        case _:
            deals.take_over(**at, instead_of=None)
    world.run_until(T0 + 5 * DAY)
    assert lines(world)[1][3:] == expected


def test_a_call_before_she_left_the_cart_stops_nothing(world):
    from ripresa.domain.deals import operations as deals

    left(world, more="stop_on: [agent_contact]")
    world.run_until(TAKEN + DAY)
    deal = Deal.objects.get(shop_id=world.shop_id)
    deals.log_call(
        shop_id=world.shop_id, deal_id=deal.id, who=BRUNO, now=world.now, at=T0 - HOUR, text=""
    )
    world.run_until(T0 + 5 * DAY)
    assert lines(world)[1][3:] == ("sent", "due")


def test_a_deal_put_off_holds_the_mail_until_then(world):
    from ripresa.domain.deals import operations as deals

    left(world)
    world.run_until(TAKEN + DAY)
    deal = Deal.objects.get(shop_id=world.shop_id)
    until = TAKEN + 60 * HOUR
    deals.snooze(shop_id=world.shop_id, deal_id=deal.id, until=until, who=BRUNO, now=world.now)
    world.run_until(T0 + 7 * DAY)
    assert lines(world)[1:] == [
        (TAKEN + 48 * HOUR, "second", "email", "held", "agent_first"),
        (until, "second", "email", "sent", "due"),
    ]


def test_an_agent_with_a_name_signs_with_it(world):
    from ripresa.core.ids import new_id

    Agent.objects.create(shop_id=world.shop_id, id=new_id(T0), email=BRUNO, name="Bruno Bianchi", created_at=T0)  # fmt: skip
    left(world)
    world.run_until(T0 + 5 * DAY)
    notice, mail = world.channel.mails
    assert notice.recipient.name == mail.sender.name == "Bruno Bianchi"
    assert notice.text.startswith("Hello Bruno,")
    assert "Bruno Bianchi" in mail.text
