"""The test of a draft: its arms with their shares, and what each says otherwise of a message."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ripresa.console.layout.badges import TEMPLATES
from ripresa.console.layout.forms import Field, Form, Taking
from ripresa.console.layout.typed import line
from ripresa.console.layout.writing import as_typed, number_in_words, share_in_words
from ripresa.console.scenarios.timeline import minted_in_words, offer_in_words
from ripresa.console.steps.titles import wait_in_words
from ripresa.console.wizard.adjust import numbers, rows
from ripresa.console.wizard.texts import worth_typed
from ripresa.domain.scenarios.drafting.trying import (
    NO_COUPON,
    add_arm,
    arms_of,
    begin_test,
    even_shares,
    keep_arm,
    remove_arm,
)
from ripresa.domain.scenarios.durations import NotADuration, parse_duration
from ripresa.domain.scenarios.file.editing import ScenarioText, one_line
from ripresa.domain.scenarios.plan import Base, Offer

_LONGEST_NAME = 40
_LEAST_SHARE, _MOST_SHARE = 1, 99
_FINEST = 4
_MINT, _POOL = "mint", "pool:"


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm with its fields. `is_held`: people are in it by this name, so it stays."""

    number: int
    name: Field
    share: Field
    is_held: bool


@dataclass(frozen=True, slots=True)
class Way:
    """What one arm says of one step; an empty field: what the plan says."""

    arm: str
    after: Field
    template: Field
    coupon: Field
    percent: Field
    sum: Field
    currency: Field
    valid: Field

    @property
    def is_other(self) -> bool:
        """Whether the step is different in it."""
        return any(field.value for field in (self.after, self.template, self.coupon))


@dataclass(frozen=True, slots=True)
class Tried:
    """A step as the plan has it, with its ways. A notice to the agent can differ in its wait alone."""

    key: str
    id: str
    number: int
    channels: tuple[str, ...]
    plan: list[Promise | str]
    ways: list[Way]

    @property
    def is_notice(self) -> bool:
        """Whether it tells the agent."""
        return not self.channels

    @property
    def others(self) -> list[str]:
        """The arms in which it is different."""
        return [way.arm for way in self.ways if way.is_other]


def show(scenario: ScenarioText, held: Collection[str]) -> tuple[Form, list[Arm], list[Tried]]:
    """The form as the file stands. `held`: the arms that the published test of this name has."""
    form, arms, number_of = Form(), arms_of(scenario), numbers(scenario)
    form.show("name", scenario.get("test", "name"))
    shown = [
        Arm(
            number,
            form.show(f"a{number}_name", arm.get("name")),
            form.show(f"a{number}_share", as_typed(_percent(arm.get("share")))),
            str(arm.get("name")) in held,
        )
        for number, arm in enumerate(arms)
    ]
    tried = [
        Tried(
            key,
            str(step.get("id", "")),
            number_of[key],
            () if "notify" in step else tuple(map(str, step.get("send") or ())),
            _plan(step, is_first=path[-1] == 0),
            [_way(form, f"a{number}{key}", arm, step) for number, arm in enumerate(arms)],
        )
        for path, key, step in rows(scenario)
    ]
    return form, shown, tried


def _plan(step: Mapping[str, Any], *, is_first: bool) -> list[Promise | str]:
    """What the plan says of a step, in words: its wait, its text, its coupon."""
    after, base = str(step.get("after", "")), step.get("from")
    with suppress(NotADuration):
        usual: Base = "abandoned" if is_first else "previous"
        known: tuple[Base, ...] = ("left", "abandoned", "previous")
        counted = next((one for one in known if one == base), usual)
        after = wait_in_words(parse_duration(after), counted)
    if "notify" in step:
        return [after]
    template, offer = str(step.get("template", "")), step.get("coupon")
    said = [after, TEMPLATES.get(template, template)]
    if not isinstance(offer, dict):
        return [*said, _("no coupon")]
    mint = offer.get("mint")
    if not isinstance(mint, dict):
        return [*said, offer_in_words(Offer(str(offer.get("pool"))))]
    if "amount" in mint:
        worth = f"{as_typed(mint['amount'])} {mint.get('currency', '')}".strip()
    else:
        worth = _share_in_words(mint.get("percent"), of=100)
    return [*said, minted_in_words(worth)]


def _way(form: Form, key: str, arm: Mapping[str, Any], step: Mapping[str, Any]) -> Way:
    steps = arm.get("steps")
    said = steps.get(str(step.get("id"))) if isinstance(steps, dict) else None
    otherwise = said if isinstance(said, dict) else {}
    offer = otherwise.get("coupon")
    coupon = offer if isinstance(offer, dict) else {}
    made = coupon.get("mint")
    mint = made if isinstance(made, dict) else {}
    chosen = f"{_POOL}{coupon['pool']}" if "pool" in coupon else _MINT if mint else ""
    return Way(
        str(arm.get("name", "")),
        form.show_duration(f"{key}_after", otherwise.get("after")),
        form.show(f"{key}_template", otherwise.get("template")),
        form.show(f"{key}_coupon", NO_COUPON if offer == NO_COUPON else chosen),
        form.show(f"{key}_percent", as_typed(mint.get("percent"))),
        form.show(f"{key}_sum", as_typed(mint.get("amount"))),
        form.show(f"{key}_currency", mint.get("currency")),
        form.show_duration(f"{key}_valid", coupon.get("valid_for")),
    )


def _percent(share: object) -> str:
    try:
        return f"{(Decimal(str(share)) * 100).normalize():f}"
    except ArithmeticError:
        return str(share)


def _share_in_words(share: object, *, of: int = 1) -> str:
    """A share as the reader writes it; what is none stays as it stands in the file."""
    try:
        return share_in_words(Decimal(str(share)) / of, _FINEST)
    except ArithmeticError:
        return str(share)


def in_words(scenario: ScenarioText) -> dict[str, Any]:
    """The name of the test and its arms with their shares; nothing where there is none."""
    name = scenario.get("test", "name")
    said = [f"{arm.get('name')} {_share_in_words(arm.get('share'))}" for arm in arms_of(scenario)]
    return {"name": name or _("Test"), "arms": said} if said else {}


def take(scenario: ScenarioText, post: Mapping[str, str], held: Collection[str]) -> dict[str, str]:
    """Put what was typed into the file. What is wrong, by field, stays out."""
    taking = Taking(scenario, post)
    if not arms_of(scenario):
        return taking.wrong
    if not held and "name" in post:
        _take_name(taking, "name", ("test", "name"), set())
    _take_shares(taking)
    names = [str(arm.get("name")) for arm in arms_of(scenario)]
    for number, name in enumerate(names):
        if name not in held and f"a{number}_name" in post:
            others = {*names[:number], *names[number + 1 :]}
            _take_name(taking, f"a{number}_name", ("test", "arms", number, "name"), others)
    for key, number, step in _ways(scenario):
        _take_way(taking, key, number, step)
    return taking.wrong


def _take_name(
    taking: Taking, name: str, path: tuple[str | int, ...], others: Collection[str]
) -> None:
    typed = line(taking.post[name])
    if not typed:
        taking.wrong[name] = _("It needs a name.")
    elif "/" in typed or len(typed) > _LONGEST_NAME:
        taking.wrong[name] = _("At most 40 characters, and no slash.")
    elif typed in others:
        taking.wrong[name] = _("Two arms can’t have one name.")
    else:
        taking.word(name, path)


def _take_shares(taking: Taking) -> None:
    """All of them, if together they are a whole."""
    arms = arms_of(taking.scenario)
    names = [f"a{number}_share" for number in range(len(arms))]
    if any(name not in taking.post for name in names):
        return
    shares = [taking.percent(name) for name in names]
    if set(names) & taking.wrong.keys():
        return
    if any(share is None or not _LEAST_SHARE <= share <= _MOST_SHARE for share in shares):
        taking.wrong[names[0]] = _("A share is from 1 to 99 per cent.")
    elif (total := sum(share or 0 for share in shares)) != 100:  # noqa: PLR2004
        said = {"total": number_in_words(total, _FINEST)}
        taking.wrong[names[0]] = _("The shares are %(total)s per cent together, not 100.") % said
    else:
        for arm, share in zip(arms, shares, strict=True):
            exact = float((share or Decimal(0)) / 100)
            if arm.get("share") != exact:
                arm["share"] = exact


def _ways(scenario: ScenarioText) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Each arm's way of each step: the beginning of its fields' names, the arm's number, the step."""
    for _path, key, step in list(rows(scenario)):
        for number in range(len(arms_of(scenario))):
            yield f"a{number}{key}", number, step


def _take_way(taking: Taking, key: str, number: int, step: Mapping[str, Any]) -> None:
    path = ("test", "arms", number, "steps", str(step.get("id", "")))
    taking.duration(f"{key}_after", (*path, "after"))
    if "notify" not in step:
        taking.word(f"{key}_template", (*path, "template"))
        _take_coupon(taking, key, (*path, "coupon"))


def _take_coupon(taking: Taking, key: str, path: tuple[str | int, ...]) -> None:
    chosen, old = taking.post.get(f"{key}_coupon"), taking.scenario.get(*path)
    if chosen is None:
        return
    if chosen in {"", NO_COUPON}:
        taking.word(f"{key}_coupon", path)
        return
    offer: dict[str, Any] = {"pool": line(chosen).removeprefix(_POOL)}
    if chosen == _MINT:
        worth = worth_typed(taking, key, old.get("mint") if isinstance(old, dict) else None)
        if worth is None:
            return
        offer = {"mint": one_line(worth)}
    if isinstance(old, dict) and "valid_for" in old:
        offer["valid_for"] = old["valid_for"]
    if old != offer:
        taking.scenario.put(path, one_line(offer))
    taking.duration(f"{key}_valid", (*path, "valid_for"))


def change(scenario: ScenarioText, do: str, taken: Collection[str]) -> None:
    """What a button asks for: `begin`, `add`, `even`, `remove a1`, `keep a1`, `drop`. Else nothing."""
    word, _space, key = do.partition(" a")
    number = int(key) if key.isascii() and key.isdigit() else None
    match word, number:
        case "begin", None:
            begin_test(scenario, taken=taken)
        case "add", None:
            add_arm(scenario)
        case "even", None:
            even_shares(scenario)
        case "drop", None:
            scenario.put(("test",), None)
        case "remove", int():
            remove_arm(scenario, number)
        case "keep", int() if number < len(arms_of(scenario)):
            keep_arm(scenario, str(arms_of(scenario)[number].get("name")))
