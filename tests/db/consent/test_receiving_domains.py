"""OPS-4: an address is looked at before a first mail, and a domain that bounces or complains gets few."""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import Contact, ReceivingDomain
from ripresa.domain.messages.models import Decision, Message, MessageFeedback
from ripresa.usecases.receiving import slowing
from ripresa.usecases.receiving.asking import Asker, CouldNotAsk
from ripresa.usecases.receiving.checking import DnsOfMachine, DomainChecker, takes_mail
from ripresa.usecases.receiving.typos import meant_by
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.name_server import NameServer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
STEPS = "  - {id: first, after: 0h, send: [email], template: reminder}\n"


class Dns:
    """Knows some domains; the others do not exist. `is_silent`: gives no answer."""

    def __init__(self, *known, is_silent=False):
        self.known, self.is_silent, self.asked = known, is_silent, []

    def mail_hosts(self, name):
        self.asked.append(name)
        if self.is_silent:
            raise CouldNotAsk("silence")
        return ["mx"] if name in self.known else []

    def addresses(self, name):
        return []


def checked(world, dns, now=T0):
    checker = DomainChecker(lambda: dns)
    return sum(checker.check(shop_id=each, now=now) for each in checker.shops_to_check(now))


def abandon(world, email):
    ada = world.contact(email=email)
    world.cart(ada)
    return ada


def outcome(world):
    decision = Decision.objects.filter(shop_id=world.shop_id).order_by("at", "id").last()
    return decision.outcome, decision.reason, decision.facts


class TestBeforeAFirstMail:
    @pytest.fixture
    def world(self):
        world = make_world()
        world.scenario(steps=STEPS)
        return world

    def run(self, world, dns, until=T0 + 2 * DAY):
        """To the hour before, a look at the domains, and on."""
        world.run_until(T0 + timedelta(hours=23, minutes=30))
        checked(world, dns, T0 + timedelta(hours=23, minutes=30))
        world.run_until(until)

    def test_a_domain_without_a_mail_server_is_spared(self, world):
        abandon(world, "ada@nowhere.example")
        self.run(world, Dns("example.test"))
        assert outcome(world) == ("skipped", "no_email", {"takes_no_mail": "nowhere.example"})
        assert not Message.objects.filter(shop_id=world.shop_id, state="sent").exists()

    @pytest.mark.parametrize("domain", ["mailinator.com", "x1.mailinator.com"])
    def test_an_address_for_ten_minutes_is_spared(self, domain, world):
        abandon(world, f"ada@{domain}")
        self.run(world, Dns(domain))
        assert outcome(world) == ("skipped", "no_email", {"disposable": domain})

    def test_a_slip_of_the_pen_is_told_and_not_even_asked_about(self, world):
        abandon(world, "ada@gmial.com")
        dns = Dns("gmial.com")
        self.run(world, dns)
        assert outcome(world)[2] == {"takes_no_mail": "gmial.com", "meant": "gmail.com"}
        assert dns.asked == []

    @pytest.mark.parametrize("dns", [Dns("example.test"), Dns(is_silent=True)])
    def test_what_takes_mail_gets_it_and_silence_blocks_nothing(self, dns, world):
        abandon(world, "ada@example.test")
        self.run(world, dns)
        assert outcome(world)[:2] == ("sent", "due")

    def test_what_nobody_looked_up_gets_its_mail(self, world):
        abandon(world, "ada@nowhere.example")
        world.run_until(T0 + 2 * DAY)
        assert outcome(world)[:2] == ("sent", "due")

    def test_what_is_known_is_not_asked_again_for_a_week(self, world):
        abandon(world, "ada@example.test")
        dns = Dns("example.test")
        world.run_until(T0 + timedelta(hours=23, minutes=30))
        at = T0 + timedelta(hours=23, minutes=30)
        assert [checked(world, dns, at), checked(world, dns, at + HOUR / 4)] == [1, 0]
        assert dns.asked == ["example.test"]

    def test_silence_is_asked_again_an_hour_later_and_forgets_nothing(self, world):
        abandon(world, "ada@example.test")
        at = T0 + timedelta(hours=23, minutes=30)
        world.run_until(at)
        ReceivingDomain.objects.create(
            shop_id=world.shop_id, domain="example.test", takes_mail="no", checked_at=T0 - 8 * DAY
        )
        assert checked(world, Dns(is_silent=True), at) == 1
        row = ReceivingDomain.objects.get(shop_id=world.shop_id)
        assert (row.takes_mail, row.checked_at) == ("no", at)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ({("a.test", "MX"): ["10 mx.a.test."]}, "yes"),
        ({("a.test", "A"): ["192.0.2.1"]}, "yes"),
        ({("a.test", "MX"): ["0 ."]}, "no"),
        ({("b.test", "MX"): ["10 mx.b.test."]}, "no"),
    ],
)
def test_a_real_name_server_is_understood(zone, expected):
    with NameServer(zone) as server:
        assert takes_mail(Asker(server.address), "a.test") == expected


def test_a_silent_name_server_says_nothing():
    with NameServer({}, is_silent=True) as server:
        assert takes_mail(Asker(server.address), "a.test") == "unknown"


def test_what_may_well_be_right_is_no_slip():
    assert meant_by("gmail.com") is None
    assert meant_by("email.com") is None
    assert meant_by("hotmial.it") == "hotmail.it"


class TestSlowingDown:
    def sent(self, world, count, *, bounced=0, complained=0, domain="bad.test"):
        """`count` mails of yesterday, and what was heard of them."""
        ada = world.contact(email=f"x@{domain}")
        cart = world.cart(ada)
        at = T0 - DAY
        for number in range(count):
            message = Message.objects.create(
                shop_id=world.shop_id, id=new_id(at), origin_kind="recovery", origin_id=new_id(at),
                step="first", step_number=1, channel="email", contact_id=ada.id, cart_id=cart.id,
                template="reminder", state="sent", reason="due", planned_for=at, handed_over_at=at,
                departed_at=at, settled_at=at, to_address=f"p{number}@{domain}",
            )  # fmt: skip
            kind = "bounced" if number < bounced else "complained"
            if number < bounced + complained:
                MessageFeedback.objects.create(
                    shop_id=world.shop_id, id=new_id(at), source="box", event_id=f"{domain}{number}",
                    kind=kind, channel="email", message_id=message.id, occurred_at=at,
                    received_at=at, is_permanent=kind == "bounced",
                )  # fmt: skip

    @pytest.mark.parametrize(
        ("count", "bounced", "complained", "is_slowed"),
        [
            (60, 4, 0, True),
            (60, 3, 0, False),
            (49, 20, 0, False),
            (60, 0, 1, False),
            (60, 0, 2, True),
        ],
    )
    def test_by_the_rule_and_no_sooner(self, count, bounced, complained, is_slowed):
        world = make_world()
        self.sent(world, count, bounced=bounced, complained=complained)
        self.sent(world, 60, domain="good.test")
        assert slowing.judge(shop_id=world.shop_id, now=T0) == int(is_slowed)
        rows = ReceivingDomain.objects.filter(shop_id=world.shop_id)
        assert [row.domain for row in rows] == (["bad.test"] if is_slowed else [])

    def test_once_an_hour_is_enough_and_more_of_it_halves(self):
        world = make_world()
        self.sent(world, 60, bounced=30)
        slowing.judge(shop_id=world.shop_id, now=T0)
        ReceivingDomain.objects.update(per_hour=80)
        assert world.shop_id not in slowing.shops_to_judge(T0 + HOUR / 2)
        slowing.judge(shop_id=world.shop_id, now=T0 + HOUR)
        assert ReceivingDomain.objects.get().per_hour == 40

    def test_what_is_too_much_for_the_hour_waits_and_others_do_not(self):
        world = make_world()
        world.scenario(steps=STEPS)
        for number in range(3):
            abandon(world, f"p{number}@bad.test")
        abandon(world, "ada@good.test")
        ReceivingDomain.objects.create(
            shop_id=world.shop_id, domain="bad.test", takes_mail="yes", checked_at=T0, per_hour=2,
            slowed_until=T0 + 5 * DAY,
        )  # fmt: skip
        due = T0 + DAY
        world.run_until(due + HOUR / 4)
        sent = Message.objects.filter(shop_id=world.shop_id, state="sent")
        assert sorted(each.to_address.partition("@")[2] for each in sent) == [
            "bad.test", "bad.test", "good.test",
        ]  # fmt: skip
        [held] = Message.objects.filter(shop_id=world.shop_id, state="planned")
        assert held.reason == "warm_up"
        world.run_until(due + 2 * HOUR)
        held.refresh_from_db()
        assert (held.state, held.reason, held.due_at) == ("sent", "due", None)
        assert sent.all().count() == 4

    def test_it_ends_by_itself(self):
        world = make_world()
        world.scenario(steps=STEPS)
        for number in range(3):
            abandon(world, f"p{number}@bad.test")
        ReceivingDomain.objects.create(
            shop_id=world.shop_id, domain="bad.test", takes_mail="yes", checked_at=T0, per_hour=1,
            slowed_until=T0 + HOUR,
        )  # fmt: skip
        world.run_until(T0 + DAY + HOUR)
        assert Message.objects.filter(shop_id=world.shop_id, state="sent").count() == 3
        assert Contact.objects.filter(shop_id=world.shop_id).count() == 3


@pytest.mark.parametrize("domain", ["example.test", "shop.example", "localhost", "x.invalid"])
def test_names_for_tests_and_examples_are_not_asked_for(domain):
    assert takes_mail(DnsOfMachine(), domain) == "unknown"
