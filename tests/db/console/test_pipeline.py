"""The pipeline (AGT-2): what stands where, and all that an agent does with a deal."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.deals import agents
from ripresa.domain.deals.models import Deal, DealActivity
from tests.db.console.pages import markup, part, text_of
from tests.rows import T0, make_user
from tests.world import World, deal_of

BOARD = "/wines/pipeline/"


@pytest.fixture
def deal(world: World) -> Deal:
    return deal_of(world)


@pytest.fixture
def bruno(world: World, as_user) -> Client:
    """An agent of the shop, who may do nothing but work on deals."""
    agents.add_agent(shop_id=world.shop.id, email="bruno@wines.test", name="Bruno", now=T0)
    return as_user(make_user("bruno@wines.test", world.shop, "agent"))


def column(answer, name: str) -> str:
    text = text_of(answer)
    return text[text.index(f" {name} ") :]


def post(client: Client, deal: Deal, word: str, **sent):
    return client.post(f"{BOARD}{deal.id}/{word}/", sent, follow=True)


def now_of(deal: Deal) -> Deal:
    return Deal.objects.select_related("stage").get(shop_id=deal.shop_id, id=deal.id)


def test_a_card_stands_in_its_stage(world, ada, deal):
    board = ada.get(BOARD)
    assert "Sales management" in text_of(board)
    assert "Check out abandoned 1 Cleo €75.00 6 × Prosecco" in text_of(board)


def test_stages_speak_the_readers_language(ada, deal):
    ada.cookies["django_language"] = "de"
    assert "Checkout abgebrochen" in text_of(ada.get(BOARD))


def test_an_agent_works_on_a_deal_and_everything_is_written_down(bruno, deal):
    answer = post(bruno, deal, "take-over", instead_of="")
    assert "The deal is yours" in text_of(answer)
    assert "Cleo" in text_of(bruno.get(f"{BOARD}?mine=yes"))
    post(bruno, deal, "call", text="wants a pallet")
    post(bruno, deal, "call", text="yes", answered="yes")
    post(bruno, deal, "note", text="ask for the cellar")
    post(bruno, deal, "snooze", days="3")
    page = bruno.get(f"{BOARD}{deal.id}/")
    assert "Rests until 23 Nov, 16:00" in text_of(page)
    done = part(page, "What was done")
    for said in ("bruno@wines.test: wants a pallet", "ask for the cellar", "Deal taken over"):
        assert said in done
    kept = now_of(deal)
    assert kept.snoozed_until == T0 + timedelta(days=3)
    assert (kept.contacted_at, kept.replied_at) == (T0, T0)
    post(bruno, deal, "snooze", days="0")
    assert now_of(deal).snoozed_until is None


def test_a_deal_moves_only_from_where_it_was_seen(ada, deal):
    post(ada, deal, "move", from_stage="check_out_abandoned", to_stage="in_talks")
    assert now_of(deal).stage.key == "in_talks"
    late = post(ada, deal, "move", from_stage="check_out_abandoned", to_stage="lost")
    assert "Somebody has moved this deal meanwhile" in text_of(late)
    assert now_of(deal).stage.key == "in_talks"


def test_htmx_gets_the_board_with_a_word_for_whoever_cannot_see_it_move(ada, deal):
    answer = ada.post(
        f"{BOARD}{deal.id}/move/",
        {"from_stage": "check_out_abandoned", "to_stage": "in_talks"},
        headers={"HX-Request": "true"},
    )
    assert b"<html" not in answer.content
    assert "The deal is moved." in text_of(answer)
    assert "In talks 1 Cleo" in text_of(answer)


def test_lost_may_come_back_and_won_stays(ada, deal):
    post(ada, deal, "lose", from_stage="check_out_abandoned", why="too dear")
    assert now_of(deal).outcome == "lost"
    assert "too dear" in part(ada.get(f"{BOARD}{deal.id}/"), "What was done")
    post(ada, deal, "move", from_stage="lost", to_stage="in_talks")
    post(ada, deal, "win", from_stage="in_talks")
    assert now_of(deal).outcome == "won"
    assert "Where it stands" not in text_of(ada.get(f"{BOARD}{deal.id}/"))
    stays = post(ada, deal, "move", from_stage="confirmed", to_stage="in_talks")
    assert "nothing changed" in text_of(stays)


def test_who_was_slower_is_told_whose_deal_it_is(ada, bruno, deal):
    post(bruno, deal, "take-over", instead_of="")
    assert "Somebody else has taken this deal" in text_of(
        post(ada, deal, "take-over", instead_of="")
    )


def test_a_viewer_sees_the_board_and_no_button(vera, deal):
    assert b"to_stage" not in vera.get(BOARD).content
    assert b"deal-actions" not in vera.get(f"{BOARD}{deal.id}/").content


def test_an_agent_may_change_nothing_else(bruno, world):
    assert bruno.post("/wines/sending/").status_code == 403
    assert bruno.get("/wines/scenarios/new/").status_code == 403


def test_nothing_written_is_nothing_kept(ada, deal):
    before = DealActivity.objects.count()
    post(ada, deal, "note", text="  ")
    assert DealActivity.objects.count() == before


def stages_of(client) -> list[str]:
    return [
        column.split()[0]
        for column in re.findall(r'data-stage="([^"]+)"', markup(client.get(BOARD)))
    ]


def test_the_stages_are_edited_and_the_board_follows(world, ada, deal):
    def do(word, **sent):
        return ada.post(f"{BOARD}stages/", {"do": word, **sent}, follow=True)

    assert "Saved." in text_of(do("add", name="Offer sent – 2nd", kind="open"))
    stages = stages_of(ada)
    closing = stages.index("confirmed")
    assert stages[closing - 1] == "offer_sent_2nd"
    do("up", stage="offer_sent_2nd")
    assert stages_of(ada).index("offer_sent_2nd") == closing - 2
    do("down", stage="offer_sent_2nd")
    assert stages_of(ada) == stages
    do("rename", stage="offer_sent_2nd", name="Offer is out")
    assert "Offer is out" in text_of(ada.get(BOARD))
    twice = do("add", name="offer is OUT", kind="open")
    assert (twice.status_code, "called “offer is OUT” already" in text_of(twice)) == (422, True)
    assert do("rename", stage="offer_sent_2nd", name=" ").status_code == 422
    do("remove", stage="offer_sent_2nd")
    assert "offer_sent_2nd" not in stages_of(ada)
    # Where deals stand, where large carts are opened, what alone means won: these stay.
    for key in ("check_out_abandoned", "confirmed"):
        kept = do("remove", stage=key)
        assert (kept.status_code, "Stays" in text_of(kept)) == (422, True)
    assert do("remove", stage="nowhere").status_code == 422
    log = AuditEntry.objects.filter(shop_id=world.shop.id, subject_kind="pipeline")
    assert log.count() == 5


def test_a_name_of_ones_own_goes_back_to_what_ships(ada, deal):
    ada.post(f"{BOARD}stages/", {"do": "rename", "stage": "in_talks", "name": "Am Telefon"})
    ada.post(f"{BOARD}stages/", {"do": "name", "name": "Vertrieb"})
    assert "Am Telefon" in text_of(ada.get(BOARD))
    assert "Vertrieb" in text_of(ada.get(BOARD))
    ada.post(f"{BOARD}stages/", {"do": "rename", "stage": "in_talks", "name": ""})
    ada.post(f"{BOARD}stages/", {"do": "name", "name": ""})
    said = text_of(ada.get(BOARD))
    assert "In talks" in said
    assert "Sales management" in said
