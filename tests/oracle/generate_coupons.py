"""Random pools of codes, scenario files that use them, and orders that carry some."""

from copy import deepcopy
from datetime import datetime
from io import StringIO
from random import Random
from typing import Any

from ruamel.yaml import YAML

from .coupons_reading import Code, Pool

Raw = dict[str, Any]
DYNAMIC, STATIC, MISSING = "few", "for all", "nowhere"
STATIC_CODE = "Back10"
ENDS = (None, None, "2026-03-25T10:00:00+00:00", "2026-04-20T10:00:00+00:00")
OFFERS: tuple[Raw, ...] = (
    {"pool": DYNAMIC},
    {"pool": DYNAMIC},
    {"pool": STATIC},
    {"pool": STATIC, "valid_for": "48h"},
    {"pool": MISSING},
)


def generate_codes(seed: int) -> list[tuple[str, str | None]]:
    """The rows of the dynamic pool's file: a code, and its end where it has one."""
    random = Random(f"codes {seed}")
    return [(f"FEW-{number}", random.choice(ENDS)) for number in range(random.randint(0, 5))]


def as_file(codes: list[tuple[str, str | None]]) -> str:
    return "code;expires\n" + "".join(f"{code};{end or ''}\n" for code, end in codes)


def as_pools(codes: list[tuple[str, str | None]]) -> dict[str, Pool]:
    """The same for the second reading."""
    free = [Code(text, datetime.fromisoformat(end) if end else None) for text, end in codes]
    return {DYNAMIC: Pool(free), STATIC: Pool([Code(STATIC_CODE)], is_static=True)}


def with_coupons(scenario: str, seed: int) -> str:
    """The scenario file with a coupon on some steps, and conditions that ask for one in hand."""
    random, yaml = Random(f"steps {seed}"), YAML(typ="safe")
    raw: Raw = yaml.load(scenario)
    # One validity for the whole file: at one instant, codes then go out in the order of the steps.
    short = {"valid_for": random.choice(("2d", "30d"))} if random.random() < 0.5 else {}
    for branch in raw["branches"]:
        if "when" in branch and random.random() < 0.3:
            branch["when"] = {"all": [branch["when"], {"has_coupon": random.random() < 0.5}]}
        for step in branch["steps"]:
            if "send" in step and random.random() < 0.6:
                offer = deepcopy(random.choice(OFFERS))
                step["coupon"] = offer | (short if offer["pool"] == DYNAMIC else {})
            if "only_if" not in step and random.random() < 0.25:
                step["only_if"] = {"has_coupon": random.random() < 0.5}
    text = StringIO()
    yaml.default_flow_style = None
    yaml.width = 200
    yaml.dump(raw, text)
    return text.getvalue()


def with_codes(events: list[Raw], seed: int) -> list[Raw]:
    """The events with codes on some orders: those of the shop, in any capitals, and strange ones."""
    random = Random(f"orders {seed}")
    known = [STATIC_CODE.lower(), "FEW-0", "few-1", "FEW-2", "OTHER"]
    carried: dict[str, list[str]] = {}
    told = []
    for event in sorted(events, key=lambda one: str(one["id"])):
        if event["type"] != "order.placed":
            told.append(event)
        else:
            codes = carried.setdefault(
                event["order"]["id"], random.choice(([], random.sample(known, 2)))
            )
            order = {**event["order"], "discount_codes": codes}
            told.append({**event, "order": order})
    return told
