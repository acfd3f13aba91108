"""The pipeline ships as "Sales management", in every console language, and its stages can be edited (AGT-2)."""

import pytest

from ripresa.domain.deals import pipeline, stages
from ripresa.domain.deals.default_pipeline import shipped
from ripresa.domain.deals.models import Pipeline, Stage
from ripresa.domain.deals.queries import stages_of
from ripresa.domain.deals.stages import NotAStage, StageNeeded
from ripresa.usecases.agents import edit_pipeline
from tests.db.deals.pipeline_world import World, left_cart, make_world, open_one

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "it", "ro", "ru", "de")


@pytest.fixture
def world() -> World:
    return make_world()


def edit(world: World, operation: str, **values) -> None:
    getattr(edit_pipeline, operation)(shop_id=world.shop_id, now=world.now, **values)


def shown(world: World, language: str = "en"):
    return pipeline.show(shop_id=world.shop_id, language=language, now=world.now)


def keys(world: World) -> list[str]:
    assert [one.position for one in shown(world).stages] == list(
        range(1, len(shown(world).stages) + 1)
    )
    return [one.key for one in shown(world).stages]


def test_every_shop_begins_with_the_shipped_stages(world):
    view = shown(world)
    assert view.name == "Sales management"
    assert [(one.name, one.kind) for one in view.stages] == [
        ("Check out abandoned", "open"), ("In talks", "open"), ("Confirmed", "won"), ("Lost", "lost"),
    ]  # fmt: skip
    shown(world)
    assert Pipeline.objects.filter(shop_id=world.shop_id).count() == 1


def test_they_are_named_in_every_console_language():
    for names in (shipped().names, *(stage.names for stage in shipped().stages)):
        assert set(names) == set(LANGUAGES)
        assert len(set(names.values())) == len(LANGUAGES)


def test_a_name_of_ones_own_is_the_same_in_every_language_and_an_empty_one_takes_it_back(world):
    edit(world, "rename_pipeline", name=" Our  sales ")
    edit(world, "rename_stage", key="in_talks", name="Offer made")
    assert shown(world, "ru").name == "Our sales"
    assert {shown(world, one).stages[1].name for one in LANGUAGES} == {"Offer made"}
    edit(world, "rename_stage", key="in_talks", name="")
    edit(world, "rename_pipeline", name="")
    assert (shown(world, "de-AT").name, shown(world, "it").stages[1].name) == (
        "Vertriebssteuerung", "In trattativa",
    )  # fmt: skip


def test_a_stage_goes_where_it_is_wanted(world):
    edit(world, "add_stage", key="offer", name="Offer", kind="open", before="confirmed")
    edit(world, "add_stage", key="refused", name="Refused", kind="lost", before=None)
    assert keys(world) == [
        "check_out_abandoned",
        "in_talks",
        "offer",
        "confirmed",
        "lost",
        "refused",
    ]
    edit(world, "move_stage", key="offer", before="in_talks")
    edit(world, "move_stage", key="lost", before=None)
    assert keys(world) == [
        "check_out_abandoned",
        "offer",
        "in_talks",
        "confirmed",
        "refused",
        "lost",
    ]


@pytest.mark.parametrize(
    ("operation", "values", "complaint"),
    [
        ("add_stage", {"key": "Offer", "name": "Offer", "kind": "open", "before": None}, "no key"),
        ("add_stage", {"key": "offer", "name": " ", "kind": "open", "before": None}, "needs a name"),
        ("add_stage", {"key": "offer", "name": "x" * 101, "kind": "open", "before": None}, "at most 100"),
        ("add_stage", {"key": "offer", "name": "Offer", "kind": "won?", "before": None}, "open, won, lost"),
        ("add_stage", {"key": "lost", "name": "Lost", "kind": "lost", "before": None}, "already"),
        ("add_stage", {"key": "offer", "name": "Offer", "kind": "open", "before": "x"}, "there are: check_out"),
        ("rename_stage", {"key": "offer", "name": "Offer"}, "no stage 'offer'"),
        ("move_stage", {"key": "offer", "before": None}, "no stage 'offer'"),
        ("move_stage", {"key": "lost", "before": "lost"}, "no stage 'lost' to put it before"),
        ("remove_stage", {"key": "offer"}, "no stage 'offer'"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_in_words_and_changes_nothing(
    world, operation, values, complaint
):
    before = keys(world)
    with pytest.raises(NotAStage, match=complaint):
        edit(world, operation, **values)
    assert keys(world) == before


@pytest.mark.parametrize(
    ("key", "complaint"),
    [("check_out_abandoned", "stays"), ("confirmed", "means won"), ("lost", "means lost")],
)
def test_stages_that_the_program_needs_stay(world, key, complaint):
    shown(world)
    with pytest.raises(StageNeeded, match=complaint):
        edit(world, "remove_stage", key=key)


def test_a_second_won_stage_lets_the_first_go(world):
    edit(world, "add_stage", key="paid", name="Paid", kind="won", before=None)
    edit(world, "remove_stage", key="confirmed")
    assert keys(world) == ["check_out_abandoned", "in_talks", "lost", "paid"]


def test_a_stage_with_deals_stays_until_they_are_elsewhere(world):
    cart = left_cart(world, world.contact())
    open_one(world, cart, "in_talks")
    with pytest.raises(StageNeeded, match=r"deals stand there \(1\)"):
        edit(world, "remove_stage", key="in_talks")
    assert stages_of(shop_id=world.shop_id, cart_ids=[cart.id]) == {cart.id: "in_talks"}
    assert [one.deals for one in shown(world).stages] == [0, 1, 0, 0]


def test_a_removed_stage_does_not_come_back(world):
    shown(world)
    edit(world, "remove_stage", key="in_talks")
    open_one(world, left_cart(world, world.contact()))
    assert not Stage.objects.filter(shop_id=world.shop_id, key="in_talks").exists()


def test_another_shops_pipeline_is_its_own(world):
    other = make_world()
    shown(other)
    edit(world, "rename_stage", key="lost", name="Gone")
    stages.remove_stage(shop_id=world.shop_id, key="in_talks", now=world.now)
    assert [one.name for one in shown(other).stages] == [
        "Check out abandoned", "In talks", "Confirmed", "Lost",
    ]  # fmt: skip
