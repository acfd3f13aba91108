"""MSG-8: prices, stock and removed items are read again; a shop that can't be asked is said to be none."""

from dataclasses import dataclass, field

import pytest

from ripresa.contracts.catalogue import CannotTell, Gone, Offered
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.send_messages import Post, send_due
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
ITEMS = [
    {"product": f"p{number}", "variant": "", "quantity": 2, "unit_minor": 1000,
     "title": f"Wine {number}", "url": "", "image_url": ""}
    for number in (1, 2)
]  # fmt: skip


@dataclass
class Warehouse:
    """A catalogue on this machine: what it has, by product. `asked` counts how often it was."""

    has: dict[str, Offered | Gone | CannotTell]
    asked: list[int] = field(default_factory=list)

    def read(self, items, shelf, *, timeout):
        assert (shelf.source, shelf.currency) == ("shop", "EUR")
        self.asked.append(len(items))
        found = [self.has.get(item.product, Offered()) for item in items]
        lost = next((one for one in found if isinstance(one, CannotTell)), None)
        return lost or found


def sent(has, steps=ONE, carts=1, total=4000, warehouse=None):
    world = make_world()
    world.scenario(steps=steps)
    for number in range(carts):
        cart = world.cart(world.contact(f"p{number}", agent="bruno@shop.test"))
        cart.__class__.objects.filter(shop_id=world.shop_id, id=cart.id).update(
            items=ITEMS, total_minor=total
        )
    world.run_until(T0 + DAY - DAY / 24)
    from ripresa.usecases.take_up_recoveries import take_up_recoveries

    now = T0 + DAY
    take_up_recoveries(shop_id=world.shop_id, now=now)
    warehouse = warehouse or Warehouse(has)
    post = Post(world.channels, LETTERHEAD, catalogue=warehouse)
    while send_due(shop_id=world.shop_id, post=post, now=now):
        pass
    return world, warehouse


def told(world):
    return [one.facts for one in Decision.objects.filter(shop_id=world.shop_id)]


def test_what_is_as_it_was_is_said_as_it_was():
    world, warehouse = sent({"p1": Offered(1000, 5)}, carts=3)
    assert all("Wine 2" in mail.text and "€40.00" in mail.text for mail in world.channel.mails)
    assert told(world) == [{"catalogue": "unchanged"}] * 3
    assert warehouse.asked == [2]


def test_pictures_that_a_cart_lacks_come_from_the_shop():
    picture = "https://wines.test/barolo.jpg"
    world, _ = sent({"p1": Offered(1000, 5, "https://wines.test/barolo", picture)})
    (mail,) = world.channel.mails
    assert picture in mail.html
    assert told(world) == [{"catalogue": "unchanged"}]


@pytest.mark.parametrize("state", [Gone(), Offered(left=0)])
def test_a_line_that_is_gone_is_not_advertised(state):
    world, _ = sent({"p1": state})
    (mail,) = world.channel.mails
    assert "Wine 1" not in mail.text + mail.html
    assert "Wine 2" in mail.text
    assert "Total: €20.00" in mail.text
    assert told(world) == [{"catalogue": "changed", "sold_out": ["Wine 1"]}]


def test_a_new_price_and_fewer_pieces_are_said():
    world, _ = sent({"p1": Offered(900), "p2": Offered(None, 1)})
    (mail,) = world.channel.mails
    assert "€18.00" in mail.text
    assert "Total: €28.00" in mail.text


def test_a_discount_in_the_shop_s_own_total_is_kept():
    world, _ = sent({"p1": Gone()}, total=3500)
    (mail,) = world.channel.mails
    assert "Total: €15.00" in mail.text


class Forgetful(Warehouse):
    """Answers about one item, whatever it was asked."""

    def read(self, items, shelf, *, timeout):
        return super().read(items, shelf, timeout=timeout)[:1]


def test_a_shop_that_answers_half_holds_nothing_back():
    world, _ = sent({}, warehouse=Forgetful({"p1": Gone()}))
    assert len(world.channel.mails) == 1
    assert told(world) == [{"catalogue": "the shop answered about 1 of 2 items"}]


def test_a_cart_of_which_nothing_is_left_is_not_written_about():
    world, _ = sent({"p1": Gone(), "p2": Gone()})
    assert world.channel.mails == []
    message = Message.objects.get(shop_id=world.shop_id)
    assert (message.state, message.reason, message.handed_over_at) == ("skipped", "sold_out", None)
    assert told(world) == [{"catalogue": "changed", "sold_out": ["Wine 1", "Wine 2"]}]
    assert world.states(Recovery) == ["done"]


def test_the_agent_is_told_even_so():
    world, _ = sent({"p1": Gone(), "p2": Gone()}, "  - {id: tell, after: 0h, notify: agent}\n")
    (notice,) = world.channel.mails
    assert "Wine 1" in notice.text


def test_a_shop_that_does_not_answer_holds_nothing_back():
    world, _ = sent({"p1": CannotTell("not checked: the shop did not answer")})
    assert len(world.channel.mails) == 1
    assert told(world) == [{"catalogue": "not checked: the shop did not answer"}]


def test_without_a_connector_that_can_the_trail_says_so():
    world = make_world()
    world.scenario(steps=ONE)
    world.cart(world.contact())
    world.run_until(T0 + 2 * DAY)
    assert told(world) == [{"catalogue": "not checked: the shop can't be asked"}]
