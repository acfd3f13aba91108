"""Language, Sender, Design and Coupons: the four steps that say what a message is made of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ripresa.console.layout.forms import Field, Form, Taking, plain
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.typed import line
from ripresa.console.layout.writing import as_typed
from ripresa.console.wizard.adjust import numbers, rows
from ripresa.domain.scenarios.file.editing import Path, ScenarioText, one_line, one_line_list
from ripresa.domain.scenarios.plan import AGENT, NOTICE_TEMPLATE
from ripresa.domain.scenarios.senders import is_address

WRITTEN_OUT = "written-out"
_SUM = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")
OWNER = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One message of the plan with the field that this page sets on it."""

    key: str
    id: str
    number: int
    channels: tuple[str, ...]
    is_notice: bool
    field: Field
    more: Field | None = None


def _step_rows(scenario: ScenarioText) -> list[tuple[Path, str, Mapping[str, Any]]]:
    return list(rows(scenario))


def _channels(step: Mapping[str, Any]) -> tuple[str, ...]:
    if "notify" in step:
        return (AGENT,)
    sent = step.get("send")
    return tuple(map(str, sent)) if isinstance(sent, list) else ()


def _row(
    key: str, number: int, step: Mapping[str, Any], field: Field, more: Field | None = None
) -> StepRow:
    name = str(step.get("id", ""))
    return StepRow(key, name, number, _channels(step), "notify" in step, field, more)


def show_language(scenario: ScenarioText, shop_language: str) -> tuple[Form, list[str]]:
    """The form, and the languages that the scenario speaks."""
    form, get = Form(), scenario.get
    default = str(get("languages", "default", default=shop_language))
    listed = [str(one) for one in get("languages", "list", default=()) or ()]
    several = get("languages", "mode", default="multi" if len(listed) > 1 else "single")
    form.show("mode", several)
    form.show("default", default)
    return form, listed or [default]


def take_language(
    scenario: ScenarioText, post: Mapping[str, str], known: Sequence[str]
) -> dict[str, str]:
    """One language, or several with one to fall back on."""
    if "default" not in post:
        return {}
    default, wrong = line(post["default"]), {}
    chosen = [one for one in known if post.get(f"speak_{one}") or one == default]
    if default not in known:
        wrong["default"] = _("Choose a language.")
    elif post.get("mode") == "multi":
        scenario.put(
            ("languages",),
            one_line({"mode": "multi", "default": default, "list": one_line_list(chosen)}),
        )
    else:
        scenario.put(("languages",), one_line({"mode": "single", "default": default}))
    return wrong


def languages_known(scenario: ScenarioText) -> list[str]:
    """What can be chosen: the five that every text is shipped in, and what the file names already."""
    named = [str(one) for one in scenario.get("languages", "list", default=()) or ()]
    return list(dict.fromkeys([*ENDONYMS, *named]))


def show_sender(scenario: ScenarioText) -> tuple[Form, list[StepRow]]:
    """The form, and for each mail whether it comes from the agent."""
    form, sender, number = Form(), scenario.get("sender"), numbers(scenario)
    is_written = isinstance(sender, dict)
    form.show("sender", WRITTEN_OUT if is_written else sender)
    for name in ("name", "email", "reply_to"):
        form.show(name, scenario.get("sender", name) if is_written else "")
    found = [
        _row(key, number[key], step, form.show(f"{key}_agent", step.get("sender", "")))
        for _path, key, step in _step_rows(scenario)
        if "email" in _channels(step)
    ]
    return form, found


def take_sender(scenario: ScenarioText, post: Mapping[str, str]) -> dict[str, str]:
    """A stored sender, one written out, or none: the shop's owner."""
    taking = Taking(scenario, post)
    chosen = post.get("sender")
    if chosen == WRITTEN_OUT:
        typed = {name: line(post.get(name)) for name in ("name", "email", "reply_to")}
        for name in ("email", "reply_to"):
            if not is_address(typed[name]) and (typed[name] or name == "email"):
                taking.wrong[name] = _("An address looks like shop@example.com.")
        if not taking.wrong:
            scenario.put(
                ("sender",), one_line({name: said for name, said in typed.items() if said})
            )
    elif chosen is not None:
        scenario.put(("sender",), line(chosen) or None)
    for path, key, step in _step_rows(scenario):
        if f"{key}_asked" in post and "email" in _channels(step):
            scenario.put((*path, "sender"), AGENT if post.get(f"{key}_agent") else None)
    return taking.wrong


def show_design(scenario: ScenarioText) -> tuple[Form, list[StepRow]]:
    """For each message the template that it uses."""
    form, number = Form(), numbers(scenario)
    found = [
        _row(
            key,
            number[key],
            step,
            form.show(
                f"{key}_template",
                step.get("template", NOTICE_TEMPLATE if "notify" in step else ""),
            ),
        )
        for _path, key, step in _step_rows(scenario)
    ]
    return form, found


def take_design(scenario: ScenarioText, post: Mapping[str, str]) -> dict[str, str]:
    """The template of each message."""
    taking = Taking(scenario, post)
    for path, key, step in _step_rows(scenario):
        usual = NOTICE_TEMPLATE if "notify" in step else ""
        taking.word(f"{key}_template", (*path, "template"), usual=usual)
    return taking.wrong


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def show_coupons(scenario: ScenarioText) -> tuple[Form, list[StepRow]]:
    """For each message: no coupon, one of a pool, or one that the shop mints."""
    form, found, number = Form(), [], numbers(scenario)
    for _path, key, step in _step_rows(scenario):
        if "notify" in step:
            continue
        offer = _mapping(step.get("coupon"))
        mint = _mapping(offer.get("mint"))
        chosen = f"pool:{offer['pool']}" if "pool" in offer else "mint" if mint else ""
        form.show(f"{key}_percent", as_typed(mint.get("percent")))
        form.show(f"{key}_sum", as_typed(mint.get("amount")))
        form.show(f"{key}_currency", mint.get("currency", ""))
        lasts = form.show_duration(f"{key}_valid", offer.get("valid_for"))
        chooses = form.show(f"{key}_coupon", chosen)
        found.append(_row(key, number[key], step, chooses, lasts))
    return form, found


def take_coupons(scenario: ScenarioText, post: Mapping[str, str]) -> dict[str, str]:
    """The coupon of each message."""
    taking = Taking(scenario, post)
    for path, key, step in _step_rows(scenario):
        chosen = post.get(f"{key}_coupon")
        if chosen is None or "notify" in step:
            continue
        if chosen.startswith("pool:"):
            scenario.put((*path, "coupon", "mint"), None)
            scenario.put((*path, "coupon", "pool"), line(chosen.removeprefix("pool:")))
        elif chosen == "mint":
            worth = worth_typed(taking, key, scenario.get(*path, "coupon", "mint"))
            if worth is None:
                continue
            scenario.put((*path, "coupon", "pool"), None)
            scenario.put((*path, "coupon", "mint"), one_line(worth))
        else:
            scenario.put((*path, "coupon"), None)
            continue
        taking.duration(f"{key}_valid", (*path, "coupon", "valid_for"))
    return taking.wrong


def worth_typed(taking: Taking, key: str, before: Any) -> dict[str, Any] | None:
    """What a code made in the shop is worth, per cent or a sum, as files write it; None: it is wrong."""
    typed = line(taking.post.get(f"{key}_sum")).replace(",", ".")
    share = taking.percent(f"{key}_percent")
    if not typed:
        if not share:
            taking.wrong.setdefault(f"{key}_percent", _("How many per cent?"))
            return None
        return {"percent": plain(share)}
    if share or not _SUM.fullmatch(typed):
        taking.wrong[f"{key}_sum"] = _("Either per cent, or a sum like 5.00.")
        return None
    kept = _mapping(before).get("currency")
    return {"amount": typed, **({"currency": str(kept)} if kept else {})}
