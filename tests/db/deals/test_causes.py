"""What brought a cart back: the first that holds of agent, coupon, link, own (CAP-5, AGT-4)."""

from datetime import timedelta

import pytest

from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.core.ids import new_id
from ripresa.domain.messages.models import MessageFeedback
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.feedback.verdicts import judge_seen
from ripresa.usecases.record_feedback import record_feedback
from tests.db.deals.sale import ADA, HOUR, Sale, begin, ordered
from tests.db.usecases.engine_world import LETTERHEAD

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def left() -> Sale:
    """Ada left a cart and there is a deal about it."""
    sale = begin()
    sale.leave()
    sale.open_deal()
    sale.now += HOUR
    return sale


def cause(sale: Sale):
    return sale.cart().cause, sale.cart().cause_message_id


def test_after_the_agents_call_the_cause_is_the_agent_and_no_mail(left):
    left.follow_link()
    left.act("log_call", at=left.now, text="")
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert (left.cart().cause, left.cart().cause_message_id) == ("agent", None)


def test_without_a_call_it_is_the_link(left):
    message = left.follow_link()
    for act in ({"name": "take_over", "instead_of": None}, {"name": "note", "text": "Call her."}):
        left.act(**act)
    left.tell(ordered(cart_token="t"))
    assert (left.cart().cause, left.cart().cause_message_id) == ("link", message.id)


def test_a_call_told_the_day_after_counts_if_it_was_before_the_order(left):
    called_at = left.now
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert left.cart().cause == "own"
    left.now += DAY
    left.act("log_call", at=called_at, text="She said she would.")
    assert left.cart().cause == "agent"


def test_a_call_after_the_order_counts_for_nothing(left):
    left.tell(ordered(cart_token="t"))
    left.now += HOUR
    left.act("log_call", at=left.now, text="Thank you.")
    assert left.cart().cause == "own"


def test_a_call_before_the_cart_was_left_counts_for_nothing(left):
    left.act("log_call", at=left.now - DAY, text="")
    left.tell(ordered(cart_token="t"))
    assert left.cart().cause == "own"


def test_a_call_about_another_cart_of_hers_counts(left):
    left.leave("u")
    left.act("log_call", "t", at=left.now, text="")
    left.now += HOUR
    left.tell(ordered(cart_token="u"))
    assert left.cart("u").cause == "agent"


def test_a_coupon_of_ours_is_the_cause_before_a_link(left):
    message = left.send(coupon="BACK10")
    left.follow_link()
    left.now += HOUR
    left.tell(ordered(cart_token="t", discount_codes=["SUMMER", "back10"]))
    assert cause(left) == ("coupon", message.id)


def test_a_coupon_of_somebody_elses_mail_is_not(left):
    left.leave("u", {"email": "ben@people.test"})
    left.send("u", coupon="BACK10")
    left.now += HOUR
    left.tell(ordered(contact=ADA, cart_token="t", discount_codes=["BACK10"]))
    assert cause(left) == ("own", None)


def test_a_coupon_that_left_after_the_order_is_not(left):
    order = ordered(cart_token="t", discount_codes=["BACK10"]) | {
        "occurred_at": left.now.isoformat()
    }
    left.now += HOUR
    left.send(coupon="BACK10")
    left.tell(order)
    assert cause(left) == ("own", None)


def test_a_call_of_the_agent_is_the_cause_before_a_coupon(left):
    left.send(coupon="BACK10")
    left.act("log_call", at=left.now, text="")
    left.now += HOUR
    left.tell(ordered(cart_token="t", discount_codes=["BACK10"]))
    assert cause(left) == ("agent", None)


def test_codes_that_the_shop_tells_later_count_as_well(left):
    message = left.send(coupon="BACK10")
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert cause(left) == ("own", None)
    left.now += HOUR
    left.tell(ordered(cart_token="t", discount_codes=["BACK10"]))
    assert cause(left) == ("coupon", message.id)


def click(sale: Sale, message, at, agent=BROWSER):
    """Somebody clicked a tracked link of a mail; not judged yet."""
    MessageFeedback.objects.create(
        shop=sale.shop, id=new_id(at), source="tracking", event_id=str(new_id(at)), kind="clicked",
        message_id=message.id, channel="email", occurred_at=at, received_at=at,
        url="https://shop.test/vino", user_agent=agent,
    )  # fmt: skip


def test_a_click_on_any_link_of_the_mail_is_the_cause(left):
    left.send()
    later = left.send()
    click(left, later, left.now + timedelta(minutes=10))
    left.now += HOUR
    judge_seen(shop_id=left.shop.id, now=left.now)
    left.tell(ordered(cart_token="t"))
    assert cause(left) == ("link", later.id)


def test_a_click_that_is_judged_after_the_order_counts_as_well(left):
    message = left.send()
    click(left, message, left.now + timedelta(minutes=10))
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert cause(left) == ("own", None)
    judge_seen(shop_id=left.shop.id, now=left.now)
    assert cause(left) == ("link", message.id)


def test_a_click_told_by_the_provider_after_the_order_counts_if_it_was_before(
    left, django_capture_on_commit_callbacks
):
    message = left.send()
    clicked_at = left.now + timedelta(minutes=10)
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    told = Feedback(
        FeedbackKind.CLICKED, "c1", clicked_at, url="https://shop.test/vino", user_agent=BROWSER,
        message_key=LETTERHEAD.message_key(left.shop.id, message.id),
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        record_feedback(
            shop_id=left.shop.id, source=Source("box", "email"), told=[told], letterhead=LETTERHEAD,
            now=left.now,
        )  # fmt: skip
    assert cause(left) == ("link", message.id)


@pytest.mark.parametrize(
    ("minutes", "agent"), [(90, BROWSER), (10, "Mozilla/5.0 (compatible; Barracuda Sentinel)")]
)
def test_a_click_after_the_order_or_of_a_machine_is_none(left, minutes, agent):
    message = left.send()
    click(left, message, left.now + timedelta(minutes=minutes), agent)
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    judge_seen(shop_id=left.shop.id, now=left.now + HOUR)
    assert cause(left) == ("own", None)
