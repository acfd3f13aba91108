"""Begin, save, publish and drop drafts of scenarios."""

from datetime import datetime
from importlib.resources import files
from uuid import UUID

from django.db import IntegrityError, transaction

from ripresa.contracts.calling.sayings import say
from ripresa.core.ids import new_id
from ripresa.domain.messages.senders import list_senders
from ripresa.domain.scenarios.figures import version_of
from ripresa.domain.scenarios.file.document import Problem, ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText, one_line
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.shops.models import Shop
from ripresa.usecases.scenarios.publish_scenario import (
    Published,
    check_scenario,
    problems_of_switches,
    publish_scenario,
)

FILE = "scenario.yaml"
PRESETS = ("three_reminders", "mail_and_sms", "agent_first")


class Overtaken(Exception):
    """Somebody else has saved since the draft was read; nothing was changed."""


def find_draft(shop_id: int, draft_id: UUID) -> ScenarioDraft | None:
    """One draft of this shop."""
    return ScenarioDraft.objects.filter(shop_id=shop_id, id=draft_id).first()


def draft_of(scenario: Scenario) -> ScenarioDraft | None:
    """What will be the scenario's next version, if somebody is writing one."""
    return ScenarioDraft.objects.filter(shop_id=scenario.shop_id, scenario_id=scenario.id).first()


def list_new_drafts(shop_id: int) -> list[ScenarioDraft]:
    """Drafts of scenarios that are none yet, the latest saved first."""
    drafts = ScenarioDraft.objects.filter(shop_id=shop_id, scenario_id=None)
    return list(drafts.order_by("-saved_at"))


def begin_from_preset(*, shop: Shop, preset: str, who: str, now: datetime) -> ScenarioDraft:
    """A new scenario as one of PRESETS proposes it, in the shop's language and from its sender."""
    source = files("ripresa.usecases.drafts") / "presets" / f"{preset}.yaml"
    scenario = ScenarioText(source.read_text(encoding="utf-8"))
    scenario.put(("name",), _free_name(shop.id, str(scenario.get("name"))))
    scenario.put(("languages",), one_line({"mode": "single", "default": shop.language}))
    senders = list_senders(shop.id)
    if senders:
        scenario.put(("sender",), senders[0].email)
    elif shop.owner_email:
        scenario.put(("sender",), one_line({"name": shop.name, "email": shop.owner_email}))
    return _create(shop.id, None, scenario.text(), who, now)


def begin_from_text(*, shop: Shop, text: str, who: str, now: datetime) -> ScenarioDraft:
    """A new scenario from a file, right or wrong. Raises ScenarioInvalid for what is no YAML."""
    return _create(shop.id, None, ScenarioText(text, FILE).text(), who, now)


def begin_from_scenario(*, scenario: Scenario, who: str, now: datetime) -> ScenarioDraft:
    """The next version of a scenario: the draft there is, or a new one that says what holds now."""
    there = draft_of(scenario)
    if there is not None:
        return there
    try:
        with transaction.atomic():
            text = version_of(scenario).text
            return _create(scenario.shop_id, scenario.id, text, who, now)
    except IntegrityError:  # somebody else began one at this moment: it is hers
        return ScenarioDraft.objects.get(shop_id=scenario.shop_id, scenario_id=scenario.id)


def save(*, draft: ScenarioDraft, scenario: ScenarioText, who: str, now: datetime) -> None:
    """Keep what was changed. Raises Overtaken, and ValueError when the file has grown too long."""
    read, text, name = draft.text, scenario.text(), str(scenario.get("name", default=""))
    there = ScenarioDraft.objects.filter(shop_id=draft.shop_id, id=draft.id, text=read)
    if not there.update(text=text, name=name, saved_by=who, saved_at=now):
        raise Overtaken
    draft.text, draft.name, draft.saved_by, draft.saved_at = text, name, who, now


def check(draft: ScenarioDraft, shop: Shop) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan that the draft describes, if it is one, and everything that keeps it from being published."""
    scenario = None
    if draft.scenario_id is not None:
        scenario = Scenario.objects.get(shop_id=draft.shop_id, id=draft.scenario_id)
    clash = _name_clash(draft, scenario)
    try:
        plan = check_scenario(draft.text, file_name=FILE, shop=shop)
    except ScenarioInvalid as wrong:
        return None, (*clash, *wrong.problems)
    if clash or scenario is None:
        return (None if clash else plan), clash
    return plan, problems_of_switches(shop, scenario, plan)


def _name_clash(draft: ScenarioDraft, scenario: Scenario | None) -> tuple[Problem, ...]:
    """Versions go by the name of their scenario: a draft has to bear its own and nobody else's."""
    if scenario is None:
        taken = Scenario.objects.filter(shop_id=draft.shop_id, name=draft.name).exists()
        problem = say("there is a scenario {name!r} already", name=draft.name)
    else:
        own = scenario.name
        taken = own != draft.name
        problem = say("must stay {name!r}: a scenario keeps its name", name=own)
    return (Problem(1, "name", problem),) if taken else ()


def publish(*, draft: ScenarioDraft, shop: Shop, now: datetime) -> Published:
    """Make the draft a version. Raises ScenarioInvalid with all that is wrong with it."""
    with transaction.atomic():
        _plan, problems = check(draft, shop)
        if problems:
            raise ScenarioInvalid(FILE, problems)
        done = publish_scenario(shop_id=shop.id, text=draft.text, file_name=FILE, now=now)
        drop(draft)
    return done


def drop(draft: ScenarioDraft) -> None:
    """Forget a draft; the scenario stays as it is."""
    ScenarioDraft.objects.filter(shop_id=draft.shop_id, id=draft.id).delete()


def _create(
    shop_id: int, scenario_id: UUID | None, text: str, who: str, now: datetime
) -> ScenarioDraft:
    name = str(ScenarioText(text, FILE).get("name", default=""))
    return ScenarioDraft.objects.create(
        shop_id=shop_id, id=new_id(now), scenario_id=scenario_id, name=name, text=text,
        saved_by=who, saved_at=now,
    )  # fmt: skip


def _free_name(shop_id: int, wanted: str) -> str:
    taken = set(Scenario.objects.filter(shop_id=shop_id).values_list("name", flat=True))
    taken |= set(ScenarioDraft.objects.filter(shop_id=shop_id).values_list("name", flat=True))
    numbered = (f"{wanted} {number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)
