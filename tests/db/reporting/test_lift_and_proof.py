"""RPT-5 and RPT-7: what a scenario brought beyond itself, and the monthly proof, found anew from raw rows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.campaigns.models import Campaign, CampaignRecipient
from ripresa.domain.carts.models import OrderKey
from ripresa.domain.contacts.models import ConsentWord, Contact, ContactKey, Suppression
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import HoldoutAssignment, Scenario
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.personal_data.erase import erase_contact
from ripresa.usecases.reporting.lift_of_scenario import NoHoldout, lift_of_scenario, weeks_more
from ripresa.usecases.reporting.proof import CHECKS, month_of, prove
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from tests.db.reporting.story import DAY, HOUR, left, wrote
from tests.db.usecases.engine_world import STEPS, T0, make_world
from tests.db.usecases.fold_tables import arrive
from tests.rows import make_recovery

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = month_of(date(2026, 10, 1)), month_of(date(2026, 11, 1))
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def world():
    return make_world()


def drawn(world, scenario_id, number, *, at, is_held_out, bought=0, **values):
    person = world.contact(f"p{number}")
    HoldoutAssignment.objects.create(
        shop_id=world.shop_id, scenario_id=scenario_id, key=f"email:p{number}@example.test",
        is_held_out=is_held_out, assigned_at=at,
    )  # fmt: skip
    if bought:
        world.order(person, placed_at=at + DAY, total_minor=bought, **values)
    return person


def lift(world, scenario_id, now):
    scenario = Scenario.objects.get(shop_id=world.shop_id, id=scenario_id)
    return lift_of_scenario(scenario=scenario, now=now)


def test_a_hold_out_is_judged_by_whom_was_drawn_and_nobody_else(world):
    scenario_id = world.scenario(more="holdout: 0.5")
    later = T0 + 40 * DAY
    with pytest.raises(NoHoldout, match="nobody was drawn"):
        lift(world, scenario_id, later)
    for number in range(20):
        bought = 10_000 if number % 4 == 0 else 0
        drawn(world, scenario_id, number, at=T0 + HOUR, is_held_out=number % 2 == 1, bought=bought)
    # Drawn too late to be watched long enough, and paid in another currency.
    drawn(world, scenario_id, 30, at=later - DAY, is_held_out=False, bought=99_000)
    drawn(world, scenario_id, 31, at=T0 + HOUR, is_held_out=False, bought=99_000, currency="RON")
    drawn(world, scenario_id, 32, at=T0 + HOUR, is_held_out=True)
    # Her order came when nobody looked any more.
    world.order(
        drawn(world, scenario_id, 33, at=T0 + HOUR, is_held_out=False),
        placed_at=T0 + HOUR + 28 * DAY, total_minor=99_000,
    )  # fmt: skip
    told = lift(world, scenario_id, later)
    assert told["people"] == {"treated": 12, "holdout": 11}
    assert told["conversion"]["treated"] == pytest.approx(5 / 12)
    assert told["revenue_per_person"]["treated"] == pytest.approx(500 / 12)
    assert told["sample_ratio"]["expected_holdout_share"] == 0.5
    assert told["sample_ratio"]["ok"]
    assert told["verdict"] == "not enough data yet"
    assert told["weeks_more"] >= 1
    assert told["currency"] == "EUR"


def test_what_stood_before_the_lot_was_cancelled_or_given_back_is_not_what_a_scenario_brought(
    world,
):
    scenario_id, at = world.scenario(more="holdout: 0.5"), T0 + HOUR
    one, other, *_, known, elsewhere = (
        drawn(world, scenario_id, number, at=at, is_held_out=number % 2 == 1) for number in range(6)
    )
    world.order(one, placed_at=at - MICROSECOND, total_minor=99_000)
    world.order(one, placed_at=at, total_minor=10_000, refunded_minor=4_000)
    world.order(other, placed_at=at + DAY, total_minor=99_000, cancelled_at=at + 2 * DAY)
    # Who had heard from it before stands in no arm; who had heard from another scenario does.
    another = world.scenario(name="Another")
    for person, of in ((known, scenario_id), (elsewhere, another)):
        run = make_recovery(
            Scenario.objects.get(shop_id=world.shop_id, id=of), left(world, person, T0 - DAY)
        )
        wrote(world, person, T0, origin_kind="recovery", origin_id=run.id)
    told = lift(world, scenario_id, T0 + 40 * DAY)
    assert told["people"] == {"treated": 2, "holdout": 3}
    assert (told["conversion"]["treated"], told["conversion"]["holdout"]) == (0.5, 0)
    assert (told["revenue_per_person"]["treated"], told["revenue_per_person"]["holdout"]) == (30, 0)


def test_each_is_drawn_once_by_her_earliest_lot_and_the_share_in_force_then(world):
    scenario_id, at, later = world.scenario(more="holdout: 0.5"), T0 + HOUR, T0 + 11 * DAY
    scenario = Scenario.objects.get(shop_id=world.shop_id, id=scenario_id)
    publish_scenario(
        shop_id=world.shop_id, text=f"version: 1\nname: Left\nholdout: 0.2\nsteps:\n{STEPS}",
        file_name="x", now=T0 + 10 * DAY,
    )  # fmt: skip
    one, two, three, four = (
        drawn(world, scenario_id, number, at=at, is_held_out=number > 1) for number in range(4)
    )
    for number in (4, 5):
        drawn(world, scenario_id, number, at=later, is_held_out=False)
    # She is known by her phone as well, and was drawn again by it; others were drawn for another scenario.
    ContactKey.objects.create(shop_id=world.shop_id, key="phone:+391", contact_id=one.id)
    again = {"is_held_out": True, "assigned_at": at + HOUR}
    HoldoutAssignment.objects.create(
        shop_id=world.shop_id, scenario_id=scenario_id, key="phone:+391", **again
    )
    drawn(world, world.scenario(name="Another"), 6, at=at, is_held_out=False)
    # Nobody was written to before her lot: an agent was told of one, another had her message after it.
    for person, sent_at, channel in ((two, T0, "agent"), (one, at + HOUR, "email")):
        run = make_recovery(scenario, left(world, person, T0 - DAY))
        wrote(world, person, sent_at, channel, origin_kind="recovery", origin_id=run.id)
    world.order(two, placed_at=at + DAY, total_minor=99_000, is_test=True)
    world.order(three, placed_at=at + DAY, total_minor=99_000, origin="staff")
    world.order(four, placed_at=at + DAY, total_minor=99_000, refunded_minor=99_000)
    # The latest of them were drawn 28 days ago to the microsecond.
    told = lift(world, scenario_id, later + 28 * DAY)
    assert told["people"] == {"treated": 4, "holdout": 2}
    assert (told["conversion"]["treated"], told["conversion"]["holdout"]) == (0, 0)
    assert told["sample_ratio"]["expected_holdout_share"] == pytest.approx((4 * 0.5 + 2 * 0.2) / 6)


def test_who_is_erased_stays_in_her_arm_with_what_she_bought(world):
    scenario_id = world.scenario(more="holdout: 0.5")
    later = T0 + 40 * DAY
    people = [
        drawn(world, scenario_id, n, at=T0 + HOUR, is_held_out=n % 2 == 1, bought=10_000 * (n % 3))
        for n in range(12)
    ]
    # Drawn once more under another key of hers, before she was known: still one person.
    ContactKey.objects.create(shop_id=world.shop_id, key="customer:c1", contact_id=people[1].id)
    HoldoutAssignment.objects.create(
        shop_id=world.shop_id, scenario_id=scenario_id, key="customer:c1", is_held_out=False,
        assigned_at=T0 + 2 * HOUR,
    )  # fmt: skip
    before = lift(world, scenario_id, later)
    for person in people[:6]:
        erase_contact(shop_id=world.shop_id, contact_id=person.id, by="x", now=later)
    assert before["people"] == {"treated": 6, "holdout": 6}
    assert lift(world, scenario_id, later) == before


def test_the_weeks_that_are_missing_go_by_the_pace_so_far():
    drawn = [T0 + n * DAY for n in range(28)]  # seven a week
    until = T0 + 28 * DAY
    assert weeks_more(drawn, 35, until) == 1
    assert weeks_more(drawn, 36, until) == 2
    assert weeks_more(drawn, 28, until) is None
    assert weeks_more(drawn, None, until) is None
    # Of less than a week no pace can be told: it counts as a week.
    assert weeks_more([T0, T0], 20, T0 + HOUR) == 9


def test_a_scenario_that_holds_nobody_out_says_so(world):
    with pytest.raises(NoHoldout, match="holds nobody out"):
        lift(world, world.scenario(), T0)


def test_a_clean_month_is_clean_and_the_engine_keeps_it_so(world):
    world.scenario()
    for name in ("ada", "bea"):
        person = world.contact(name)
        consent_word(world, person, "granted", T0 - DAY)
        world.cart(person)
    world.run_until(T0 + 12 * DAY)
    told = prove(world.shop_id, OCTOBER).tell()
    assert (told["people_written_to"], told["messages"]) == (2, 6)
    assert told["by_channel"] == {"email": 6}
    assert {check: told["checks"][check]["found"] for check in CHECKS} == dict.fromkeys(CHECKS, 0)
    assert told["is_clean"]
    assert prove(world.shop_id, month_of(date(2026, 9, 1))).tell()["messages"] == 0


def consent_word(world, person, state, at):
    ConsentWord.objects.create(
        shop_id=world.shop_id, key=f"email:{person.email}", channel="email", event_id=f"{state}-{at}",
        state=state, proven=True, at=at,
    )  # fmt: skip


def test_each_broken_promise_is_found(world):
    ada, bea, cleo, dora, eva = (
        world.contact(name) for name in ("ada", "bea", "cleo", "dora", "eva")
    )
    after = wrote(world, ada, T0, cart_id=left(world, ada, T0 - 2 * DAY).id)
    world.now = T0 - DAY
    bought = world.order(ada)
    OrderKey.objects.create(shop_id=world.shop_id, key="email:ada@example.test", order_id=bought.id)
    cart = left(world, bea, T0 - 2 * DAY)
    twice = [
        wrote(world, bea, T0 + n * HOUR, cart_id=cart.id, origin_kind="recovery") for n in (0, 1)
    ]
    refused = wrote(world, cleo, T0)
    consent_word(world, cleo, "granted", T0 - 3 * DAY)
    consent_word(world, cleo, "denied", T0 - 2 * DAY)
    suppressed = wrote(world, dora, T0)
    Suppression.objects.create(
        shop_id=world.shop_id, id=new_id(T0), channel="email", address=dora.email, cause="manual",
        created_at=T0 - DAY,
    )  # fmt: skip
    never_asked = wrote(world, eva, T0, rule="consent/consent@2")
    found = prove(world.shop_id, OCTOBER)
    assert found.found("after_buying") == [after.id]
    assert set(found.found("twice")) == {one.id for one in twice}
    assert set(found.found("against_consent")) == {refused.id, suppressed.id, never_asked.id}
    assert not found.tell()["is_clean"]
    # What was heard too late could not be heeded: an order, and a yes that came before.
    Message.objects.filter(id=after.id).update(departed_at=T0 - 2 * DAY)
    consent_word(world, cleo, "granted", T0 - DAY)
    found = prove(world.shop_id, OCTOBER)
    assert found.found("after_buying") == []
    assert refused.id not in found.found("against_consent")
    assert next(found.lines())[-3:] == list(CHECKS)


def carted(world, number, at, state):
    """A cart of Fay's that carries what she allows."""
    arrive(world.shop, [{
        "id": f"e{number}", "type": "cart.updated", "occurred_at": at.isoformat(),
        "cart": {"token": "c1", "currency": "EUR", "items": [{"title": "Vino", "quantity": number}]},
        "contact": {"email": "fay@example.test", "consent": {"email": state}},
    }])  # fmt: skip
    while fold_shop(shop_id=world.shop_id, now=at):
        pass
    return Contact.objects.get(shop_id=world.shop_id, email="fay@example.test")


@pytest.mark.parametrize(
    ("state", "rule", "found"), [("granted", "consent", 0), ("denied", "not_refused", 1)]
)
def test_what_a_cart_carried_counts_though_a_later_one_carries_it_too(state, rule, found, world):
    fay = carted(world, 1, T0 - DAY, state)
    wrote(world, fay, T0, rule=f"by_country/US/{rule}@2")
    carted(world, 2, T0 + HOUR, state)
    assert len(prove(world.shop_id, OCTOBER).found("against_consent")) == found


def test_of_whom_was_erased_nothing_is_known_and_nothing_alleged(world):
    fay = carted(world, 1, T0 - DAY, "granted")
    wrote(world, fay, T0, rule="consent/consent@2")
    erase_contact(shop_id=world.shop_id, contact_id=fay.id, by="x", now=T0 + DAY)
    told = prove(world.shop_id, OCTOBER).tell()
    assert told["is_clean"]
    assert told["messages"] == 1
    assert {check: told["checks"][check]["looked_at"] for check in CHECKS} == {
        "after_buying": 1, "twice": 1, "against_consent": 0,
    }  # fmt: skip


def test_two_who_were_erased_are_two_though_their_addresses_are_gone(world):
    campaign = Campaign.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="News", about="abandoned_cart", state="ended", text="",
        plan={}, condition={}, created_at=T0, changed_at=T0,
    )  # fmt: skip
    sent = {}
    for name, times in (("fay", 1), ("gus", 2)):
        person = world.contact(name)
        for is_double in (False, True)[:times]:
            at = CampaignRecipient.objects.create(
                shop_id=world.shop_id, id=new_id(T0), campaign_id=campaign.id, contact_id=person.id,
                key=f"email:{person.email}", state="over", is_double=is_double, added_at=T0,
            )  # fmt: skip
            one = wrote(world, person, T0, origin_kind="campaign", origin_id=at.id, step="campaign")
            sent.setdefault(name, set()).add(one.id)
        erase_contact(shop_id=world.shop_id, contact_id=person.id, by="x", now=T0 + DAY)
    assert set(prove(world.shop_id, OCTOBER).found("twice")) == sent["gus"]


def test_orders_before_she_left_and_after_the_message_are_no_fault(world):
    world.now = T0 - DAY
    for name, placed_at in (("fay", T0 - 3 * DAY), ("gus", T0 + HOUR)):
        person = world.contact(name)
        wrote(world, person, T0, cart_id=left(world, person, T0 - 2 * DAY).id)
        bought = world.order(person, placed_at=placed_at)
        OrderKey.objects.create(
            shop_id=world.shop_id, key=f"email:{person.email}", order_id=bought.id
        )
    assert prove(world.shop_id, OCTOBER).found("after_buying") == []


def test_what_is_said_again_after_the_end_of_the_month_is_found_by_both_months(world):
    bea, month_end = (
        world.contact("bea"),
        datetime(2026, 10, 31, 23, tzinfo=UTC),
    )  # midnight in Rome
    cart, others = left(world, bea, T0), [left(world, bea, T0) for _ in range(2)]
    said = {"channel": "email", "origin_kind": "recovery"}
    for at, other in zip((month_end - MICROSECOND, month_end), others, strict=True):
        wrote(world, bea, at, cart_id=cart.id, **said)
        wrote(world, bea, at, cart_id=other.id, **said)
    for month, at in ((OCTOBER, month_end - MICROSECOND), (NOVEMBER, month_end)):
        proof = prove(world.shop_id, month)
        assert [one.handed_over_at for one in proof.messages] == [at, at]
        [twice] = proof.found("twice")
        assert Message.objects.get(id=twice).cart_id == cart.id
    Message.objects.filter(handed_over_at=month_end).delete()
    assert prove(world.shop_id, OCTOBER).found("twice") == []
