"""Publish scenarios: a file, checked against the shop, becomes a new version (SCN-12, SCN-13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.deals.default_pipeline import shipped
from ripresa.domain.scenarios.file.document import Problem, ScenarioInvalid
from ripresa.domain.scenarios.file.scenario_file import parse_scenario
from ripresa.domain.scenarios.file.surroundings import Surroundings, Templates
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.features import Feature
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.catalogue import list_presets
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.approvals import asking, matters
from ripresa.usecases.connected.sums import mint_sums_of
from ripresa.usecases.scenarios.minted_pools import lay_minted_pools
from ripresa.usecases.shops.features import newly_lacking
from ripresa.usecases.shops.names_of_shop import Named, names_of_shop

_AT_WORK = ("live", "paused")


@dataclass(frozen=True, slots=True)
class Published:
    """What an import made. `is_new_version` false: the file is what the shop has already."""

    scenario_id: UUID
    name: str
    version: int
    is_new_version: bool


def check_scenario(text: str, *, file_name: str, shop: Shop | None = None) -> Plan:
    """The plan of a file, checked against the shop if one is named. Raises ScenarioInvalid."""
    around = Surroundings(_templates()) if shop is None else surroundings_of(shop)
    return parse_scenario(text, file_name=file_name, around=around)


def _templates(texts: Texts | None = None) -> Templates:
    if texts is None:
        return {
            preset.name: dict.fromkeys(preset.channels, frozenset(preset.languages))
            for preset in list_presets()
        }
    return {
        one.name: {channel: texts.languages(one.name, channel) for channel in one.channels}
        for one in texts.list_all()
    }


def surroundings_of(
    shop: Shop, *, names: Named | None = None, texts: Texts | None = None
) -> Surroundings:
    """What a file of this shop may name. `names` and `texts`: of this shop, where they are read already."""
    named = names or names_of_shop(shop.id)
    # A pipeline is laid when it is first needed, which is after the first scenario.
    stages = named.stages or frozenset(stage.key for stage in shipped().stages)
    return Surroundings(
        _templates(texts or Texts(shop.id)),
        language=shop.language,
        currency=shop.currency,
        abandoned_after=shop.abandoned_after or timedelta(0),
        has_sender=bool(shop.owner_email),
        max_steps=shop.max_steps,
        pools=named.pools,
        segments=named.segments,
        stages=stages,
        senders=named.senders,
        ended=named.ended,
        mint_sums=mint_sums_of(shop),
    )


@transaction.atomic
def publish_scenario(*, shop_id: int, text: str, file_name: str, now: datetime) -> Published:
    """Store a scenario file: a new scenario as a draft, a known name as its next version.

    New recoveries run on it from here on; those under way finish on theirs. Raises ScenarioInvalid; for one
    that is at work also where it adds what is off, and NeedsApproval where a second person is wanted.
    """
    # One import of a shop at a time; what refers to the shop goes on meanwhile.
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    plan = check_scenario(text, file_name=file_name, shop=shop)
    known = Scenario.objects.filter(shop_id=shop_id, name=plan.name).first()
    if known is None:
        version = _version(shop_id, new_id(now), 1, plan, text, now)
        Scenario.objects.create(
            shop_id=shop_id,
            id=version.scenario_id,
            name=plan.name,
            version_id=version.id,
            created_at=now,
        )
    else:
        latest = ScenarioVersion.objects.get(shop_id=shop_id, id=known.version_id)
        if latest.text == text:
            return Published(known.id, plan.name, latest.number, is_new_version=False)
        if off := problems_of_switches(shop, known, plan):
            raise ScenarioInvalid(file_name, off)
        if known.state in _AT_WORK:
            asking.require(shop, matters.of_text(known, text))
        version = _version(shop_id, known.id, latest.number + 1, plan, text, now)
        Scenario.objects.filter(shop_id=shop_id, id=known.id).update(version_id=version.id)
    version.save(force_insert=True)
    steps = [step for branch in plan.branches for step in branch.steps]
    lay_minted_pools(shop=shop, steps=steps, now=now)
    write_down(
        shop_id=shop_id,
        action=Action.PUBLISHED,
        subject=Subject(About.SCENARIO, version.scenario_id, plan.name),
        after={"version": version.number},
        now=now,
    )
    return Published(version.scenario_id, plan.name, version.number, is_new_version=True)


def problems_of_switches(shop: Shop, scenario: Scenario, plan: Plan) -> tuple[Problem, ...]:
    """What keeps `plan` from being the next version of a scenario at work: what it adds is switched off."""
    if scenario.state not in _AT_WORK:
        return ()
    return tuple(
        Problem(
            1,
            "test" if feature is Feature.TESTS else "branches",
            say(
                "switched off for this shop: {feature}; take it out, or switch it on first",
                feature=feature.value,
            ),
        )
        for feature in newly_lacking(shop, plan, plan_of(shop.id, scenario.version_id))
    )


def _version(
    shop_id: int, scenario_id: UUID, number: int, plan: Plan, text: str, now: datetime
) -> ScenarioVersion:
    return ScenarioVersion(
        shop_id=shop_id,
        id=new_id(now),
        scenario_id=scenario_id,
        number=number,
        text=text,
        plan=msgspec.to_builtins(plan),
        created_at=now,
    )
