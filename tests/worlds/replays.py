"""A replay of Ada's draft, and what came of it."""

from ripresa.core.ids import new_id
from ripresa.domain.scenarios.models import ScenarioReplay
from tests.rows import T0
from tests.world import World


def replay_of(world: World) -> ScenarioReplay:
    """Made when somebody first asks for it."""
    found = ScenarioReplay.objects.filter(shop=world.shop).first()
    return found or ScenarioReplay.objects.create(
        shop=world.shop, id=new_id(T0), draft_id=world.hidden["draft"], name="Left in the cart",
        plan={}, days=30, asked_by="ada@wines.test", asked_at=T0, state="done", tries=1, done=3,
        of=3, ended_at=T0,
        result={
            "carts": 3, "people": 2, "coupons": 1, "sent": {"email": 2},
            "outcomes": {"sent": {"due": 2}, "cancelled": {"ordered": 1}},
        },
    )  # fmt: skip
