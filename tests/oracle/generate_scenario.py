"""Random scenario files that the contract allows, the same for the same seed.

What a file may ask for has names (FEATURES), so that a difference between two readings can be
hunted down by leaving one of them out.
"""

from collections.abc import Collection
from io import StringIO
from random import Random
from typing import Any

from ruamel.yaml import YAML

Raw = dict[str, Any]

FEATURES = (
    "branches",  # two or three, with conditions
    "no_branch",  # … and none for everyone else
    "audience",
    "holdout",
    "sms",
    "both",  # a step by e-mail and SMS
    "letter",
    "notice",  # a word to the agent, and steps that count from it
    "only_if",
    "languages",
    "least_gap",
    "after_order",
    "in_30_days",
    "quiet_hours",
    "zone",  # … by another clock than the recipient's
    "stale",
    "trigger",  # carts alone or checkouts alone
    "left",  # steps that count from the last activity
    "ignore",  # on_reabandon
    "each",  # on_second_cart
    "legal_basis",  # other ones than `consent`
)
TEMPLATES = ("reminder", "second_reminder", "last_reminder")
GAPS = (0, 1, 5, 24, 36, 48, 168)  # hours between two steps
HOURS = (("09:00", "20:00"), ("08:30", "12:00"), ("20:00", "06:00"), ("02:30", "03:30"))
MANY = {"mode": "multi", "default": "it", "list": ["it", "en"]}
BASES = ("any", "any", "by_country", "one_reminder")
STAGE = "check_out_abandoned"


def generate_scenario(seed: int, without: Collection[str] = ()) -> str:
    """A scenario file, as YAML."""
    if unknown := set(without) - set(FEATURES):
        raise ValueError(f"not a feature: {sorted(unknown)}")
    text = StringIO()
    yaml = YAML(typ="safe")
    yaml.default_flow_style = None
    yaml.width = 200
    yaml.dump(_Maker(Random(seed), without).scenario(), text)
    return text.getvalue()


class _Maker:
    def __init__(self, random: Random, without: Collection[str]) -> None:
        self.random = random
        self.without = without
        self.steps_made = 0
        self.offset = 0  # of the last step of a branch from the taking up, in hours
        self.idle = random.choice((4, 24, 24, 48))

    def scenario(self) -> Raw:
        pick = self.random.choice
        raw: Raw = {
            "version": 1,
            "name": "Generated",
            "trigger": {"on": "any", "idle": f"{self.idle}h"},
            "legal_basis": pick(BASES) if self._has("legal_basis", 0.5) else "consent",
            "languages": {"mode": "single", "default": "en"},
            "sender": {"name": "Bottega", "email": "ciao@bottega.test"},
        }
        if self._has("trigger", 0.2):
            raw["trigger"]["on"] = pick(("cart", "checkout"))
        raw |= self._audience() if self._has("audience", 0.25) else {}
        choices: tuple[tuple[str, float, Raw], ...] = (
            ("holdout", 0.2, {"holdout": pick((0.3, 0.5))}),
            ("ignore", 0.2, {"on_reabandon": "ignore"}),
            ("each", 0.2, {"on_second_cart": "each"}),
            ("stale", 0.2, {"stale_after": pick(("6h", "30d"))}),
            ("languages", 0.5, {"languages": MANY}),
        )
        for feature, share, key in choices:
            raw |= key if self._has(feature, share) else {}
        return raw | self._gates() | {"branches": self._branches()}

    def _audience(self) -> Raw:
        customers = self.random.choice(("new", "inactive"))
        if customers == "new":
            return {"audience": {"customers": customers}}
        inactive_for = self.random.choice(("2d", "1mo", "12h"))
        return {"audience": {"customers": customers, "inactive_for": inactive_for}}

    def _has(self, feature: str, share: float) -> bool:
        has = self.random.random() < share  # drawn always, so that seeds stay comparable
        return has and feature not in self.without

    def _gates(self) -> Raw:
        limits: Raw = {}
        if self._has("least_gap", 0.5):
            limits["not_more_often_than"] = self.random.choice(("12h", "24h", "3d"))
        if self._has("after_order", 0.4):
            limits["not_after_order"] = self.random.choice(("1d", "7d"))
        if self._has("in_30_days", 0.3):
            limits["max_messages_per_30d"] = self.random.choice((1, 2, 3))
        hours: Raw = {}
        for channel in ("email", "sms", "letter"):
            if self._has("quiet_hours", 0.35):
                start, until = self.random.choice(HOURS)
                hours[channel] = {"from": start, "until": until}
                if self._has("zone", 0.2):
                    hours[channel]["zone"] = "Asia/Tokyo"
        return {key: gate for key, gate in (("limits", limits), ("quiet_hours", hours)) if gate}

    # -- branches and conditions --------------------------------------------------------------

    def _branches(self) -> list[Raw]:
        branches: list[Raw] = []
        if self._has("branches", 0.7):
            for number in range(self.random.choice((1, 2))):
                when = self._condition(depth=0)
                branches.append({"name": f"b{number}", "when": when, "steps": self._steps()})
        if not branches or not self._has("no_branch", 0.4):
            branches.append({"name": "rest", "steps": self._steps()})
        return branches

    def _condition(self, depth: int) -> Raw:
        kind = self.random.random()
        if depth < 2 and kind < 0.4:
            inner = [self._condition(depth + 1) for _ in range(self.random.choice((1, 2, 2, 3)))]
            return {self.random.choice(("all", "any")): inner}
        if depth < 2 and kind < 0.5:
            return {"not": self._condition(depth + 1)}
        return self._test()

    def _test(self) -> Raw:
        pick = self.random.choice
        value: Raw = {pick(("lt", "lte", "gt", "gte")): pick(("45.50", "2000.00", "1999.99"))}
        if self.random.random() < 0.3:
            value["currency"] = "USD"
        order = pick(("lt", "gte", "eq", "ne"))
        same = pick(("eq", "ne"))
        tests: list[Raw] = [
            {"cart_value": value},
            {"cart_value": value},
            {"item_count": {order: pick((1, 2, 3))}},
            {"currency": {same: "USD"}},
            {"country": {same: pick(("IT", "GB", "JP"))}},
            {"country": {"in": ["GB", "DE"]}},
            {"customer": {"eq": pick(("new", "returning", "inactive"))}},
            {"consent.email": {same: "granted"}},
            {"consent.sms": {same: pick(("granted", "denied", "unknown"))}},
            {"category": {pick(("eq", "ne")): "wine"}},
            {"sku": {"in": ["A", "C"]}},
            {"device": {same: pick(("mobile", "desktop", "tablet"))}},
        ]
        if "languages" not in self.without:
            tests.append({"language": {same: pick(("it", "en", "de"))}})
        return pick(tests)

    # -- steps --------------------------------------------------------------------------------

    def _steps(self) -> list[Raw]:
        steps: list[Raw] = []
        notice = self._has("notice", 0.35)
        if notice:
            steps.append(self._timed({"notify": "agent"}, 0))
            if self.random.random() < 0.8:
                steps[0]["stage"] = STAGE
        for _ in range(self.random.choice((1, 2, 2, 3))):
            step: Raw = {"send": self._channels()}
            fitting = (*TEMPLATES, "agent_reminder") if step["send"] == ["email"] else TEMPLATES
            step["template"] = self.random.choice(fitting)
            if self._has("only_if", 0.6 if notice else 0.1):
                step["only_if"] = {"deal_stage": STAGE}
            steps.append(self._timed(step, len(steps)))
        return steps

    def _channels(self) -> list[str]:
        if self._has("both", 0.25):
            return ["email", "sms"]
        if self._has("sms", 0.25):
            return ["sms"]
        return ["letter"] if self._has("letter", 0.15) else ["email"]

    def _timed(self, step: Raw, place: int) -> Raw:
        """Later steps are never planned earlier, whatever they are counted from."""
        self.steps_made += 1
        gap = self.random.choice(GAPS)
        self.offset = gap + (self.offset if place else 0)
        timed: Raw = {"id": f"s{self.steps_made}", "after": f"{gap}h", **step}
        if place and self.random.random() < 0.2:
            timed |= {"from": "abandoned", "after": f"{self.offset}h"}
        if self._has("left", 0.15):
            timed |= {"from": "left", "after": f"{self.offset + self.idle}h"}
        return timed
