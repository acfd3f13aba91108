"""Any file that keeps the format becomes a plan that can be stored, and means what it says."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.conditions import CartFacts, Mismatch, holds
from ripresa.domain.scenarios.file.differences import differences
from ripresa.domain.scenarios.plan import Amount, Plan, load_plan
from tests.scenario_files import SHOP, parse

durations = st.sampled_from(["0h", "90m", "24h", "1d12h", "3mo"])
words = st.text("abcdefgh", min_size=1, max_size=6)
money = st.decimals(0, 5_000, places=2).map(str)
orders = st.sampled_from(["eq", "ne", "lt", "lte", "gt", "gte"])
equals = st.sampled_from(["eq", "ne"])


def comparing(fact, values):
    return st.one_of(
        st.builds(lambda op, value: {fact: {op: value}}, equals, values),
        st.builds(
            lambda several: {fact: {"in": several}}, st.lists(values, min_size=1, max_size=3)
        ),
    )


conditions = st.recursive(
    st.one_of(
        st.builds(lambda op, value: {"cart_value": {op: value}}, orders, money),
        st.builds(lambda op, value: {"cart_value": {op: value, "currency": "RON"}}, orders, money),
        st.builds(lambda op, value: {"item_count": {op: value}}, orders, st.integers(0, 9)),
        comparing("country", st.sampled_from(["IT", "DE", "SM", "NO"])),
        comparing("customer", st.sampled_from(["new", "returning", "inactive"])),
        comparing("sku", words),
        comparing("consent.email", st.sampled_from(["granted", "denied", "unknown"])),
        st.builds(lambda op, value: {"has_coupon": {op: value}}, equals, st.booleans()),
    ),
    lambda inner: st.one_of(
        st.builds(lambda of: {"all": of}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda of: {"any": of}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda of: {"not": of}, inner),
    ),
    max_leaves=6,
)
coupons = st.one_of(
    st.just({"pool": "SPRING"}),
    st.just({"pool": "WELCOME", "valid_for": "48h"}),
    st.integers(1, 100).map(lambda percent: {"mint": {"percent": percent}}),
)
mails = st.fixed_dictionaries(
    {
        "after": durations,
        "send": st.sampled_from([["email"], ["sms"], ["email", "sms"]]),
        "template": st.just("reminder"),
    },
    optional={
        "from": st.sampled_from(["left", "abandoned"]),
        "sender": st.just("agent"),
        "only_if": conditions,
        "coupon": coupons,
        "stage": st.just("confirmed"),
    },
)
notices = st.fixed_dictionaries({"after": durations, "notify": st.just("agent")})


@st.composite
def files(draw):
    file = draw(
        st.fixed_dictionaries(
            {"version": st.just(1), "name": words},
            optional={
                "trigger": st.fixed_dictionaries({"on": st.sampled_from(["cart", "checkout", "any"])}),
                "audience": st.just({"customers": "inactive", "inactive_for": "3mo", "segment": "VIP"}),
                "legal_basis": st.sampled_from(["by_country", "consent", "any", "one_reminder"]),
                "stop_on": st.lists(st.sampled_from(["reply", "agent_contact"]), unique=True),
                "holdout": st.integers(0, 10_000).map(lambda parts: parts / 10_000),
                "languages": st.just({"mode": "multi", "default": "it", "list": ["it", "en"]}),
                "limits": st.just({"not_more_often_than": "24h", "max_messages_per_30d": 8}),
            },
        )
    )  # fmt: skip
    whens = draw(st.lists(conditions, max_size=3))
    branches = [{"name": f"b{number}", "when": when} for number, when in enumerate(whens)]
    branches.append({"name": "others"})
    for number, branch in enumerate(branches):
        steps = draw(st.lists(mails, min_size=1, max_size=4)) + draw(st.lists(notices, max_size=2))
        branch["steps"] = [{"id": f"{number}.{place}"} | step for place, step in enumerate(steps)]
    return file | {"branches": branches}


@given(files())
def test_a_plan_survives_its_storage(file):
    plan = parse(json.dumps(file), SHOP)
    assert load_plan(msgspec.json.encode(plan)) == plan
    stored = json.loads(json.dumps(msgspec.to_builtins(plan)))
    assert msgspec.convert(stored, type=Plan) == plan
    assert differences(plan, plan) == []
    assert [branch.name for branch in plan.branches] == [each["name"] for each in file["branches"]]
    assert plan.holdout == round(file.get("holdout", 0) * 10_000)


# --- What is written, evaluated as it is written: a second reading of the conditions ---

CART = CartFacts(
    cart_value=Amount(200_000, "EUR"),
    item_count=3,
    skus=frozenset("ab"),
    country="IT",
    customer=frozenset({"returning", "inactive"}),
    consent_email="granted",
)
HELD = {
    "cart_value": {2000.0}, "item_count": {3}, "sku": {"a", "b"}, "country": {"IT"},
    "customer": {"returning", "inactive"}, "consent.email": {"granted"}, "has_coupon": {False},
}  # fmt: skip


def meant(written):
    """True, False or None, straight from the file."""
    (name, asked), *_ = written.items()
    if name == "not":
        answer = meant(asked)
        return None if answer is None else not answer
    if name not in {"all", "any"}:
        return compared(name, asked)
    answers = [meant(each) for each in asked]
    decisive = name == "any"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def compared(name, asked):
    if "currency" in asked:
        return None
    (op, wanted), *_ = asked.items()
    held = HELD[name]
    if op == "in":
        return bool(held & set(wanted))
    if name == "cart_value":
        wanted = float(wanted)
    if op in {"eq", "ne"}:
        return (wanted in held) == (op == "eq")
    (value,) = held
    return (
        value
        in {
            "lt": {one for one in held if one < wanted},
            "lte": {one for one in held if one <= wanted},
            "gt": {one for one in held if one > wanted},
            "gte": {one for one in held if one >= wanted},
        }[op]
    )


@given(conditions)
def test_a_condition_means_what_is_written(written):
    file = {
        "version": 1,
        "name": "x",
        "branches": [
            {
                "name": "x",
                "when": written,
                "steps": [{"id": "a", "after": "0h", "send": ["email"], "template": "reminder"}],
            }
        ],
    }
    verdict = holds(parse(json.dumps(file)).branches[0].when, CART)
    assert (None if verdict is Mismatch.CURRENCY else verdict) is meant(written)
