"""The steps of a scenario file: messages to the customer, and notices to the agent."""

from decimal import Decimal

import msgspec

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.conditions_of_file import read_condition
from ripresa.domain.scenarios.file.document import Value, given, nearest
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.file.words_of_file import read_amount, read_currency, read_name_of
from ripresa.domain.scenarios.plan import AGENT, NOTICE_TEMPLATE, Amount, Base, Offer, Step

KEYS = (
    "id", "after", "from", "send", "notify", "template", "sender", "only_if", "coupon", "stage",
)  # fmt: skip
_NEEDED = ("id", "after", "send", "template")
# What a notice can't have, and why.
_NOT_FOR_NOTICES = {
    "sender": say("a notice always comes from the shop"),
    "coupon": say("a notice goes to the agent, who needs none"),
}
_BASES: tuple[Base, ...] = ("left", "abandoned", "previous")
_LAST_LANGUAGE = "en"
CHANNELS = ("email", "sms", "letter")
_LEAST_PERCENT, _MOST_PERCENT = Decimal("0.01"), Decimal(100)


class StepReader:
    """Reads the steps of one file, whose ids are unique in it.

    `languages`: those in which every template must have a text.
    """

    def __init__(self, languages: tuple[str, ...], around: Surroundings) -> None:
        self._languages = languages
        self._around = around
        self._lines: dict[str, int] = {}

    def read_steps(self, value: Value) -> tuple[Step, ...]:
        """The steps of one branch."""
        items = value.items()
        steps = tuple(
            self._read_step(item, is_first=number == 0) for number, item in enumerate(items)
        )
        to_customer = sum(not step.is_notice for step in steps)
        if value.is_list and not items:
            value.fail(say("must hold at least one step"))
        if to_customer > (most := self._around.max_steps):
            value.fail(
                say(
                    "must hold at most {most} steps to the customer, not {to_customer}",
                    most=most,
                    to_customer=to_customer,
                )
            )
        return steps

    def _read_step(self, item: Value, *, is_first: bool) -> Step:
        found = item.entries(KEYS)
        is_notice = "notify" in found
        if item.is_mapping:
            _check_keys(item, found, is_notice=is_notice)
        usual: Base = "abandoned" if is_first else "previous"
        base = given(found, "from", lambda value: value.choice(_BASES), usual)
        if is_first and base == "previous":
            found["from"].fail(say("can't be 'previous': this is the first step"))
        channels: tuple[str, ...] = (AGENT,) if is_notice else ()
        if not is_notice:
            channels = given(found, "send", _read_channels, channels)
        around = self._around
        return Step(
            id=self._read_id(item, found),
            after=given(found, "after", Value.duration, Duration()),
            base=base,
            channels=channels,
            template=self._read_template(found, channels),
            by_agent=given(found, "sender", lambda value: value.choice((AGENT,)), "") == AGENT,
            only_if=given(found, "only_if", lambda value: read_condition(value, around), None),
            coupon=given(found, "coupon", lambda value: _read_offer(value, around), None),
            stage=given(
                found, "stage", lambda value: read_name_of(value, "stage", around.stages), None
            ),
        )

    def read_message(self, item: Value, name: str) -> Step:
        """The one message of a campaign, as the step `name`: there is nothing that it could come after."""
        found = item.entries(("send", "template", "sender", "coupon"))
        for key in ("send", "template"):
            if item.is_mapping and key not in found:
                item.fail(say("has no {key}", key=key))
        none: tuple[str, ...] = ()
        channels = given(found, "send", _read_channels, none)
        return Step(
            id=name,
            after=Duration(),
            base="left",
            channels=channels,
            template=self._read_template(found, channels),
            by_agent=given(found, "sender", lambda value: value.choice((AGENT,)), "") == AGENT,
            coupon=given(found, "coupon", lambda value: _read_offer(value, self._around), None),
        )

    def read_variation(self, item: Value, step: Step) -> Step:
        """`step` as an arm of a test has it: what `item` says, and all else as before."""
        keys = ("after",) if step.is_notice else ("after", "template", "coupon")
        found = item.entries(keys)
        coupon = step.coupon
        if "coupon" in found:
            none = found["coupon"].is_plain("none")
            coupon = None if none else _read_offer(found["coupon"], self._around)
        return msgspec.structs.replace(
            step,
            after=given(found, "after", Value.duration, step.after),
            template=self._read_template(found, step.channels)
            if "template" in found
            else step.template,
            coupon=coupon,
        )

    def _read_id(self, item: Value, found: dict[str, Value]) -> str:
        name = given(found, "id", lambda value: value.text(longest=60), "")
        if not name:
            return f"#{item.line}"
        if name in self._lines:
            found["id"].fail(
                say(
                    "{name!r} is taken by the step on line {line}",
                    name=name,
                    line=self._lines[name],
                )
            )
        self._lines.setdefault(name, found["id"].line)
        return name

    def _read_template(self, found: dict[str, Value], channels: tuple[str, ...]) -> str:
        usual = NOTICE_TEMPLATE if channels == (AGENT,) else ""
        name = given(found, "template", Value.text, usual)
        if "template" in found and name:
            self._check_template(found["template"], name, channels)
        return name

    def _check_template(self, value: Value, name: str, channels: tuple[str, ...]) -> None:
        there = self._around.templates
        if name not in there:
            value.fail(
                say(
                    "there is no template {name!r}; {hint}",
                    name=name,
                    hint=nearest(name, sorted(there)),
                )
            )
            return
        for channel in channels:
            if channel not in there[name]:
                known = ", ".join(sorted(there[name]))
                value.fail(
                    say(
                        "template {name!r} does not fit {channel}; it fits: {known}",
                        name=name,
                        channel=channel,
                        known=known,
                    )
                )
                continue
            has = there[name][channel]
            if missing := self._missing(channel, has):
                value.fail(
                    say(
                        "template {name!r} has no text in {languages} for {channel}; "
                        "it has: {known}",
                        name=name,
                        languages=", ".join(missing),
                        channel=channel,
                        known=", ".join(sorted(has)),
                    )
                )

    def _missing(self, channel: str, has: frozenset[str]) -> list[str]:
        """The languages that a template lacks. An agent reads the shop's, the default or English."""
        if channel == AGENT:
            read = dict.fromkeys((self._around.language, self._languages[0], _LAST_LANGUAGE))
            return [] if has & read.keys() else list(read)
        return [one for one in self._languages if one not in has]


def _check_keys(item: Value, found: dict[str, Value], *, is_notice: bool) -> None:
    if is_notice:
        found["notify"].choice((AGENT,))
        if "send" in found:
            found["send"].fail(say("stands beside notify: a step does one or the other"))
        for name in found.keys() & _NOT_FOR_NOTICES.keys():
            found[name].fail(say("has no place here: {why}", why=_NOT_FOR_NOTICES[name]))
    for name in _NEEDED:
        if name not in found and not (is_notice and name in {"send", "template"}):
            item.fail(
                say("has neither send nor notify")
                if name == "send"
                else say("has no {key}", key=name)
            )


def _read_channels(value: Value) -> tuple[str, ...]:
    if not value.is_list:
        value.fail(say("must be a list of channels, like [email]; both at once is [email, sms]"))
        return ()
    items = value.items()
    if not items:
        value.fail(say("must be a list of channels, like [email]"))
    channels = [item.choice(CHANNELS) for item in items]
    named = [channel for channel in channels if channel is not None]
    if len(set(named)) != len(named):
        value.fail(say("names a channel twice"))
    return tuple(named)


def _read_offer(value: Value, around: Surroundings) -> Offer | None:
    found = value.entries(("pool", "mint", "valid_for"))
    if value.is_mapping and ("pool" in found) == ("mint" in found):
        value.fail(
            say(
                'must have either pool: NAME, or mint: {{percent: 10}}, or mint: {{amount: "5.00"}}'
            )
        )
    percent, amount = _read_mint(found["mint"], around) if "mint" in found else (None, None)
    return Offer(
        pool=given(found, "pool", lambda one: read_name_of(one, "pool", around.pools), None),
        percent=None if percent is None else f"{percent.normalize():f}",
        amount=amount,
        valid_for=given(found, "valid_for", _read_validity, None),
    )


def _read_mint(value: Value, around: Surroundings) -> tuple[Decimal | None, Amount | None]:
    """What a code is to be worth: per cent, or a sum in the shop's currency or another."""
    found = value.entries(("percent", "amount", "currency"))
    if value.is_mapping and ("percent" in found) == ("amount" in found):
        value.fail(say('must have either percent: 10, or amount: "5.00"'))
    if "currency" in found and "percent" in found:
        found["currency"].fail(say("belongs to an amount: per cent have no currency"))
    percent = given(
        found, "percent", lambda one: one.decimal(_LEAST_PERCENT, _MOST_PERCENT, 2), None
    )
    currency = given(found, "currency", read_currency, None) or around.currency
    amount = given(found, "amount", lambda one: read_amount(one, currency), None)
    if amount is not None and not amount.minor:
        found["amount"].fail(say("must be more than nothing"))
    elif amount is not None and (why := around.mint_sums.refusal(currency)):
        found["amount"].fail(why)
    return percent, amount


def _read_validity(value: Value) -> Duration | None:
    duration = value.duration()
    if duration == Duration():
        value.fail(
            say("a coupon that ends as it is sent is none; leave the key out for one that lasts")
        )
    return duration
