"""The overview, and the switch that stops everything."""

from django.urls import reverse

from ripresa.domain.carts.models import Cart
from ripresa.domain.messages.models import Message, OwnerNotice
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.shops.models import Shop
from ripresa.usecases import stop_sending
from tests.db.console.pages import part, text_of
from tests.rows import DAY, HOUR, T0

HOME = reverse("home", args=["wines"])
SENDING = reverse("sending", args=["wines"])


def stopped_at(world):
    return Shop.objects.get(id=world.shop.id).stopped_at


class TestOverview:
    def test_says_what_is_due_and_what_came_back(self, world, ada):
        text = text_of(ada.get(HOME))
        assert "Left behind this week 3" in text
        assert "Came back this week 1" in text
        assert "Recovered revenue €90.00" in text
        assert "Due within 24 hours 1 Planned messages; the next today 17:00" in text

    def test_what_machines_left_behind_is_left_out(self, world, ada):
        Cart.objects.filter(shop=world.shop).update(is_bot=True)
        assert "Left behind this week 0" in text_of(ada.get(HOME))

    def test_what_came_back_before_is_not_of_this_week(self, world, ada):
        world.ben_recovered.ended_at = T0 - 8 * DAY
        world.ben_recovered.save()
        assert "Came back this week 0" in text_of(ada.get(HOME))

    def test_names_what_stands_still(self, world, ada):
        Scenario.objects.filter(id=world.scenario.id).update(
            state="paused", paused_reason="coupons used up"
        )
        look = part(ada.get(HOME), "Needs a look")
        assert "Sender ciao@wines.test since today 14:00 550 5.7.1 refused for policy" in look
        assert "Paused Left in the cart coupons used up" in look

    def test_overdue_messages_ask_whether_a_worker_runs(self, world, ada):
        Message.objects.filter(cart_id=world.ben_cart.id, step="first").update(due_at=T0 - HOUR)
        assert "1 message is overdue by more than 15 minutes." in part(
            ada.get(HOME), "Needs a look"
        )

    def test_says_so_when_all_is_well(self, world, dan):
        answer = dan.get(reverse("home", args=["bikes"]))
        assert "Everything runs." in text_of(answer)
        assert "No scenario yet: nobody is written to." in text_of(answer)

    def test_a_sender_is_let_go_once_someone_has_looked(self, world, ada):
        held = Message.objects.filter(cart_id=world.ben_cart.id, step="first")
        held.update(reason="paused", due_at=T0 + DAY)
        answer = ada.post(reverse("sender-resume", args=["wines", world.sender.id]), follow=True)
        assert "Everything runs." in text_of(answer)
        assert held.get().due_at == T0


class TestWhatTheOwnerWasTold:
    def test_stands_on_the_overview_the_newest_first(self, world, ada):
        for kind, about, at in (
            ("coupons", "Left in the cart", T0 - HOUR),
            ("credit", "Texts", T0),
        ):
            telling = Telling(kind, about, "42 left", world.scenario.id)
            tell_owner(shop_id=world.shop.id, tellings=[telling], now=at)
        told = part(ada.get(HOME), "Told the owner")
        assert told.index("Texts is paused") < told.index("Left in the cart is paused")
        assert "42 left" in told
        assert "not mailed" not in told

    def test_says_what_nobody_could_be_mailed(self, world, ada):
        tell_owner(
            shop_id=world.shop.id, tellings=[Telling("volume", "wines", "120 in an hour")], now=T0
        )
        OwnerNotice.objects.update(due_at=None)
        assert "not mailed" in part(ada.get(HOME), "Told the owner")

    def test_is_not_there_when_there_was_nothing_of_late(self, world, ada):
        tell_owner(
            shop_id=world.shop.id,
            tellings=[Telling("volume", "wines", "120 in an hour")],
            now=T0 - 31 * DAY,
        )
        assert "Told the owner" not in text_of(ada.get(HOME))


class TestStopAll:
    def test_asks_before_it_stops(self, world, ada):
        assert "Stop all sending?" in text_of(ada.get(SENDING))
        assert stopped_at(world) is None
        answer = ada.post(SENDING, {"to": "stop"}, follow=True)
        assert stopped_at(world) == T0
        assert "All sending of this shop is stopped · since today 16:00" in text_of(answer)

    def test_every_page_says_so(self, world, ada, vera):
        Shop.objects.filter(id=world.shop.id).update(stopped_at=T0)
        for room in ("home", "carts", "customers", "scenarios"):
            for client in (ada, vera):
                answer = client.get(reverse(room, args=["wines"]))
                assert "All sending of this shop is stopped" in text_of(answer)

    def test_starting_again_releases_what_it_held(self, world, ada):
        ada.post(SENDING, {"to": "stop"})
        held = Message.objects.filter(cart_id=world.ben_cart.id, step="first")
        held.update(reason="stopped", due_at=T0 + DAY)
        assert "1 message is held and will be checked and sent at once." in text_of(
            ada.get(SENDING)
        )
        ada.post(SENDING, {"to": "start"})
        assert stopped_at(world) is None
        assert held.get().due_at == T0

    def test_a_form_older_than_the_state_changes_nothing(self, world, ada):
        ada.post(SENDING, {"to": "start"})
        assert stopped_at(world) is None
        ada.post(SENDING, {"to": "stop"})
        ada.post(SENDING, {"to": "stop"})
        ada.post(SENDING, {"to": "nonsense"})
        assert stopped_at(world) == T0

    def test_a_get_never_changes_anything(self, world, ada):
        ada.get(SENDING, {"to": "stop"})
        assert stopped_at(world) is None

    def test_stops_my_shop_alone(self, world, ada):
        ada.post(SENDING, {"to": "stop"})
        assert Shop.objects.get(id=world.other_shop.id).stopped_at is None


def test_every_page_says_that_the_whole_install_is_stopped(world, ada):
    stop_sending.stop_install(now=T0)
    text = text_of(ada.get(reverse("carts", args=["wines"])))
    assert "All sending of every shop is stopped" in text
