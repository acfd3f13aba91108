"""SCN-14: one message for one cart, by hand; every guard holds, two may be overridden, and it is told who did."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.contracts.reasons import Reason
from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, Suppression
from ripresa.domain.coupons.models import CouponCode, CouponIssue, CouponPool
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.holdout import is_drawn
from ripresa.domain.scenarios.models import HoldoutAssignment, ManualSend
from ripresa.usecases.carts.tell_cart import Kind, tell_cart
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_by_hand import (
    NobodyThere,
    NoSuchCart,
    NotAsked,
    NotPossible,
    Obstacle,
    Wanted,
    look,
    send_by_hand,
)
from ripresa.usecases.send_messages import LEASE, send_claimed
from ripresa.usecases.stop_sending import stop_shop
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
HELD = next(n for n in range(40) if is_drawn("Left", f"p{n}@example.test", 5000))
FREE = next(n for n in range(40) if not is_drawn("Left", f"p{n}@example.test", 5000))


@pytest.fixture
def world():
    return make_world()


def wanted(cart, template="reminder", **values):
    return Wanted(cart.id, template, values.pop("asked_by", "Max"), **values)


def send(world, cart, *args, **values):
    return send_by_hand(shop_id=world.shop_id, wanted=wanted(cart, *args, **values), now=world.now)


def looked(world, cart, *args, **values):
    return look(shop_id=world.shop_id, wanted=wanted(cart, *args, **values), now=world.now)


def sent_by_hand(world):
    return [
        (outcome, reason, {name: fact for name, fact in facts.items() if name != "catalogue"})
        for outcome, reason, facts in Decision.objects.filter(
            shop_id=world.shop_id, origin_kind="manual"
        )
        .order_by("at", "id")
        .values_list("outcome", "reason", "facts")
    ]


def test_it_works_with_no_scenario_at_all(world):
    cart = world.cart(world.contact())
    planned = send(world, cart)
    assert planned.look == ("ada@example.test", "en", ())
    world.run()
    assert world.channel.recipients == ["ada@example.test"]
    message = Message.objects.get(shop_id=world.shop_id)
    assert (message.id, message.state, message.origin_kind) == (
        planned.message_id,
        "sent",
        "manual",
    )
    assert message.rule
    assert sent_by_hand(world) == [("sent", "manual", {"asked_by": "Max"})]


@pytest.mark.parametrize("state", ["open", "abandoned", "expired"])
def test_carts_that_one_may_write_about(world, state):
    cart = world.cart(world.contact(), state=state, due_at=None)
    send(world, cart)
    world.run(T0 + timedelta(minutes=1))
    assert len(world.channel.mails) == 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("ordered", "ordered"), ("recovered", "ordered"), ("closed", "closed"), ("emptied", "emptied"),
    ],
)  # fmt: skip
def test_carts_that_one_may_not(world, state, reason):
    cart = world.cart(world.contact(), state=state, due_at=None)
    with pytest.raises(NotPossible, match=reason):
        send(world, cart)
    assert not ManualSend.objects.filter(shop_id=world.shop_id).exists()


class TestNeverAfterPurchase:
    def test_an_order_does_not_close_an_expired_cart_and_yet(self, world):
        person = world.contact()
        cart = world.cart(person, state="expired", due_at=None)
        world.now += DAY
        world.order(person)
        with pytest.raises(NotPossible, match="closed"):
            send(world, cart)

    def test_an_order_that_was_accepted_and_not_read(self, world):
        person = world.contact()
        cart = world.cart(person)
        world.accept_order(f"email:{person.email}")
        assert looked(world, cart).obstacles == (Obstacle(Reason.ORDERED),)
        with pytest.raises(NotPossible):
            send(world, cart)

    def test_an_order_after_it_was_asked_for(self, world):
        cart = world.cart(world.contact())
        send(world, cart)
        Cart.objects.filter(shop_id=world.shop_id).update(state="recovered", due_at=None)
        world.run()
        assert world.channel.mails == []
        assert sent_by_hand(world) == [("cancelled", "ordered", {"asked_by": "Max"})]

    @pytest.mark.parametrize("how", ["accepted", "folded", "of the person"])
    def test_an_order_between_claim_and_departure(self, world, how):
        person = world.contact()
        cart = world.cart(person)
        send(world, cart)
        taken = hand_over(shop_id=world.shop_id, now=T0, room=10, lease=LEASE)
        assert len(taken.claimed) == 1
        if how == "accepted":
            world.accept_order(f"token:{cart.token}")
        elif how == "folded":
            Cart.objects.filter(shop_id=world.shop_id).update(state="closed", due_at=None)
        else:
            world.order(person, placed_at=T0 + timedelta(seconds=1))
        send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=T0)
        world.run(T0 + timedelta(seconds=5))
        message = Message.objects.get(shop_id=world.shop_id)
        assert world.channel.mails == []
        assert (message.state, message.reason) == (
            ("planned", None) if how == "accepted" else ("cancelled", "closed")
        )

    def test_what_departs_does_so_unless_something_changed(self, world):
        send(world, world.cart(world.contact(), state="expired", due_at=None))
        taken = hand_over(shop_id=world.shop_id, now=T0, room=10, lease=LEASE)
        send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=T0)
        assert len(world.channel.mails) == 1

    def test_she_bought_long_before_she_began_this_cart(self, world):
        person = world.contact()
        world.order(person, placed_at=T0 - DAY)
        send(world, world.cart(person))
        world.run()
        assert len(world.channel.mails) == 1


class TestWhatMayBeOverridden:
    def capped(self, world):
        """She has had a message an hour ago; the shop wants two days between two."""
        world.set(min_gap=2 * DAY)
        cart = world.cart(world.contact())
        send(world, cart)
        world.run()
        world.now += HOUR
        return cart

    def test_a_cap_holds_it_back_and_that_is_said_before(self, world):
        cart = self.capped(world)
        held = Obstacle(Reason.CAP, T0 + 2 * DAY, "caps")
        assert looked(world, cart).obstacles == (held,)
        assert send(world, cart).look.obstacles == (held,)
        world.run(T0 + 2 * HOUR)
        assert len(world.channel.mails) == 1
        world.run_until(T0 + 3 * DAY)
        assert len(world.channel.mails) == 2
        assert [(outcome, reason) for outcome, reason, _ in sent_by_hand(world)] == [
            ("sent", "manual"), ("held", "cap"), ("sent", "manual"),
        ]  # fmt: skip

    def test_a_cap_that_is_overridden_is_logged_with_who_did(self, world):
        cart = self.capped(world)
        assert send(world, cart, asked_by="Cleo", overrides=("caps",)).look.obstacles == ()
        world.run()
        assert len(world.channel.mails) == 2
        assert sent_by_hand(world)[-1] == (
            "sent", "manual", {"asked_by": "Cleo", "overrides": ["caps"]},
        )  # fmt: skip

    def test_quiet_hours_of_text_messages(self, world):
        world.now = T0 + 6 * HOUR  # 23:00 in Rome
        cart = world.cart(world.contact(phone="+393331234567", consent_sms="granted"))
        held = Obstacle(Reason.QUIET_HOURS, T0 + 16 * HOUR, "quiet_hours")
        assert send(world, cart, channel="sms").look.obstacles == (held,)
        send(world, cart, channel="sms", overrides=("quiet_hours",))
        world.run()
        assert len(world.sms.mails) == 1
        world.run_until(T0 + 17 * HOUR)
        assert len(world.sms.mails) == 2

    def test_both_are_told_at_once(self, world):
        world.set(min_gap=2 * DAY)
        world.now = T0 + 6 * HOUR
        cart = world.cart(world.contact(phone="+393331234567", consent_sms="granted"))
        send(world, cart)
        world.run()
        assert {one.override for one in looked(world, cart, channel="sms").obstacles} == {
            "caps", "quiet_hours",
        }  # fmt: skip

    def test_the_limits_are_those_of_the_scenario_that_has_the_cart(self, world):
        world.scenario(more="limits: {not_more_often_than: 3d}", steps=ONE)
        cart = world.cart(world.contact())
        world.run_until(T0 + 25 * HOUR)
        assert len(world.channel.mails) == 1
        [held] = looked(world, cart).obstacles
        assert (held.reason, held.override) == (Reason.CAP, "caps")

    def test_the_stop_switch_holds_it_and_can_not_be_overridden(self, world):
        cart = world.cart(world.contact())
        stop_shop(shop_id=world.shop_id, now=T0)
        [held] = looked(world, cart, overrides=("caps", "quiet_hours")).obstacles
        assert (held.reason, held.override) == (Reason.STOPPED, None)


class TestWhatMayNot:
    ALL = ("caps", "quiet_hours")

    @pytest.mark.parametrize(
        ("person", "reason"),
        [({"consent_email": "denied"}, "no_consent"), ({"email": None}, "no_email")],
    )
    def test_consent_and_an_address(self, world, person, reason):
        cart = world.cart(world.contact(**person))
        with pytest.raises(NotPossible, match=reason):
            send(world, cart, overrides=self.ALL)

    def test_suppression(self, world):
        cart = world.cart(world.contact())
        Suppression.objects.create(
            shop_id=world.shop_id, id=new_id(T0), channel="email", address="ada@example.test",
            cause="complaint", created_at=T0,
        )  # fmt: skip
        with pytest.raises(NotPossible, match="suppressed"):
            send(world, cart, overrides=self.ALL)

    def test_a_refusal_after_it_was_asked_for(self, world):
        cart = world.cart(world.contact())
        send(world, cart)
        Contact.objects.filter(shop_id=world.shop_id).update(consent_email="denied")
        world.run()
        assert world.channel.mails == []
        assert [reason for _, reason, _ in sent_by_hand(world)] == ["no_consent"]

    def test_italy_allows_one_reminder_without_consent_however_it_is_sent(self, world):
        cart = world.cart(world.contact(consent_email="unknown"))
        send(world, cart)
        world.run()
        with pytest.raises(NotPossible, match="legal_basis"):
            send(world, cart, overrides=self.ALL)

    def test_and_the_scenario_counts_the_one_by_hand(self, world):
        world.scenario(steps=ONE)
        cart = world.cart(world.contact(consent_email="unknown"))
        send(world, cart)
        world.run_until(T0 + 2 * DAY)
        assert len(world.channel.mails) == 1
        assert Decision.objects.filter(shop_id=world.shop_id, reason="legal_basis").exists()

    def test_whom_a_live_scenario_holds_out(self, world):
        world.scenario(more="holdout: 0.5", steps=ONE)
        held, free = (world.cart(world.contact(f"p{n}")) for n in (HELD, FREE))
        with pytest.raises(NotPossible, match="holdout"):
            send(world, held, overrides=self.ALL)
        assert not HoldoutAssignment.objects.filter(shop_id=world.shop_id).exists()
        send(world, free)
        world.run()
        assert world.channel.recipients == [f"p{FREE}@example.test"]
        lots = HoldoutAssignment.objects.filter(shop_id=world.shop_id)
        assert list(lots.values_list("is_held_out", flat=True)) == [False]

    def test_a_draft_holds_nobody_out(self, world):
        world.scenario(more="holdout: 0.5", steps=ONE, live=False)
        send(world, world.cart(world.contact(f"p{HELD}")))

    @pytest.mark.parametrize(
        ("values", "reason"), [({"is_bot": True}, "bot"), ({"is_test": True}, "test_order")]
    )
    def test_carts_of_crawlers_and_tests(self, world, values, reason):
        cart = world.cart(world.contact(), **values)
        with pytest.raises(NotPossible, match=reason):
            send(world, cart, overrides=self.ALL)


class TestCoupons:
    @pytest.fixture
    def pool(self, world):
        pool = CouponPool.objects.create(
            shop_id=world.shop_id, id=new_id(T0), name="spring", kind="dynamic", low_water=0,
            created_at=T0,
        )  # fmt: skip
        CouponCode.objects.create(
            shop_id=world.shop_id, id=new_id(T0), pool_id=pool.id, code="SPRING-1"
        )
        return pool

    def test_one_code_once(self, world, pool):
        cart = world.cart(world.contact())
        assert looked(world, cart, "last_reminder", pool="spring").is_possible
        assert not CouponIssue.objects.filter(shop_id=world.shop_id).exists()
        send(world, cart, "last_reminder", pool="spring")
        world.run()
        message = Message.objects.get(shop_id=world.shop_id)
        assert message.coupon_code == "SPRING-1"
        issue = CouponIssue.objects.get(shop_id=world.shop_id)
        assert (issue.origin_kind, issue.origin_id) == ("manual", message.origin_id)
        assert issue.sent_at is not None
        with pytest.raises(NotPossible, match="no_coupon"):
            send(world, cart, "last_reminder", pool="spring")

    def test_it_goes_with_the_coupon_or_not_at_all(self, world, pool):
        world.set(coupon_gap=30 * DAY)
        CouponCode.objects.create(
            shop_id=world.shop_id, id=new_id(T0), pool_id=pool.id, code="SPRING-2"
        )
        cart = world.cart(world.contact())
        send(world, cart, pool="spring")
        world.run()
        with pytest.raises(NotPossible, match="coupon_cap"):
            send(world, cart, pool="spring")
        assert send(world, cart).look.is_possible


def test_twice_by_hand_are_two_messages(world):
    cart = world.cart(world.contact())
    send(world, cart)
    send(world, cart, "second_reminder")
    world.run()
    world.run(T0 + timedelta(minutes=1))
    assert world.states() == ["sent", "sent"]
    assert len(world.channel.mails) == 2


@pytest.mark.parametrize("kind", [RefusalKind.CREDIT, RefusalKind.POLICY])
def test_a_refused_account_is_told_at_once_for_nobody_would_try_again(world, kind):
    cart = world.cart(world.contact(phone="+393331234567", consent_sms="granted"))
    no = Refused(permanent=False, kind=kind, detail="no credit")
    world.sms.answers["+393331234567"] = no
    send(world, cart, channel="sms")
    world.run()
    assert world.states() == ["failed"]


def test_the_cart_tells_who_sent_it_and_what_was_overridden(world):
    cart = world.cart(world.contact())
    send(world, cart, asked_by="Cleo", overrides=("caps",))
    planned = tell_cart(shop_id=world.shop_id, cart_id=cart.id).chapters[-1]
    assert (planned.kind, planned.by_hand.asked_by) == (Kind.PLANNED, "Cleo")
    world.run()
    chapters = tell_cart(shop_id=world.shop_id, cart_id=cart.id).chapters
    told = [(one.kind, one.reason, one.by_hand.overrides) for one in chapters if one.by_hand]
    assert told == [(Kind.BY_HAND, None, ("caps",)), (Kind.DECIDED, "manual", ("caps",))]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"template": "poem"}, "template"),
        ({"template": "agent_notice"}, "template"),
        ({"channel": "pigeon"}, "channel"),
        ({"overrides": ("consent",)}, "overrides"),
    ],
)
def test_what_makes_no_sense(world, values, field):
    cart = world.cart(world.contact())
    with pytest.raises(NotAsked) as wrong:
        send_by_hand(
            shop_id=world.shop_id,
            wanted=Wanted(cart.id, **{"template": "reminder", "asked_by": "Max", **values}),
            now=T0,
        )
    assert wrong.value.field == field


def test_a_cart_with_nobody_behind_it_and_no_cart(world):
    with pytest.raises(NobodyThere):
        send(world, world.cart())
    other = make_world()
    with pytest.raises(NoSuchCart):
        send(other, world.cart(world.contact()))
