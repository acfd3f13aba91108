"""Events and a scenario file each: where product and oracle once differed, shrunk, and by name."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from tests.oracle.telling import Story, branches, plan, scenario, step, whole

# name → events, scenario file, and the shop's abandonment time where it isn't the scenario's idle time.
EXAMPLES: dict[str, tuple[list[dict[str, Any]], str, str | None]] = {}
NIGHT = {"email": {"from": "09:00", "until": "20:00"}}
TWO = {"first": "0h", "second": "1h"}


def example(
    name: str,
    story: Story,
    raw: dict[str, Any] | None = None,
    *,
    abandoned_after: str | None = None,
) -> None:
    EXAMPLES[name] = story.events, file_of(raw or scenario()), abandoned_after


def file_of(raw: dict[str, Any]) -> str:
    """A scenario file, with what the stories leave out."""
    whole_file = {
        "version": 1,
        "languages": {"mode": "single", "default": "en"},
        "sender": {"name": "Bottega", "email": "ciao@bottega.test"},
        "branches": [{"name": "main", "steps": raw.get("steps", [])}],
        **{key: value for key, value in raw.items() if key != "steps"},
    }
    for branch in whole_file["branches"]:
        for each in branch["steps"]:
            if "send" in each:
                each.setdefault("template", "reminder")
    text = StringIO()
    YAML(typ="safe").dump(whole_file, text)
    return text.getvalue()


# -- worked examples of the requirements --------------------------------------------------------

STAGE = "check_out_abandoned"
SI = whole(
    branches(
        ("small", {"cart_value": {"lt": "2000.00"}}, [step("a", "24h", template="agent_reminder")]),
        (
            "large",
            None,
            [
                step("tell", "0h", "agent", stage=STAGE),
                step("b", "48h", only_if={"deal_stage": STAGE}, template="agent_reminder"),
            ],
        ),
    )
)
EVA = {"email": "eva@example.test", "phone": "+393331234567", "agent": "bruno@shop.test"}
EVA |= {"consent": {"email": "granted", "sms": "granted"}}
AT_FOUR = {"on": "any", "idle": "4h"}


example("1,999.99 by e-mail after 24 h", Story().fill("1 10:00", price="1999.99"), SI)
example("2,000.00 to the agent, the mail 48 h later", Story().fill("1 10:00", price="2000.00"), SI)
example(
    "2,000.00 and bought within the 48 h",
    Story().fill("1 10:00", price="2000.00", contact=EVA).order("3 12:00", cart_token="t"),
    SI,
)
example("2,000.00 dollars", Story().fill("1 10:00", price="2000.00", currency="USD"), SI)
example(
    "left at 17:00, texted at 09:00",
    Story().fill("1 15:00", contact=EVA),
    plan(step("first", "4h", "sms", **{"from": "left"}), trigger=AT_FOUR),
)
example(
    "left at 17:00 on the eve of winter time",
    Story().fill("24 15:00", contact=EVA),
    plan(step("first", "4h", "sms", **{"from": "left"}), trigger=AT_FOUR),
)
example(
    "four messages, bought after the first",
    Story().fill("1 10:00").order("3 08:00"),
    plan(
        *(step(name, after) for name, after in zip("abcd", ("4h", "2d", "5d", "7d"), strict=True))
    ),
)
example(
    "two abandonments of one person, the second of 89 euros",
    Story().fill("1 10:00").fill("3 12:00", "A B C", token="u", price="29.67").order("6 12:00"),
)
example(
    "both ways, and a phone for one only",
    Story().fill("1 10:00").fill("1 11:00", token="u", contact=EVA),
    plan(step("first", "0h", "email sms")),
)
example(
    "quiet hours part a step, and the cap counts it once",
    Story().fill("1 19:00", contact=EVA),
    plan(
        step("first", "0h", "email sms"),
        step("second", "24h", "email"),
        limits={"not_more_often_than": "24h", "max_messages_per_30d": 2},
    ),
)
example(
    "one unsubscribe stops one channel",
    Story()
    .fill("1 10:00", contact=EVA)
    .tell("consent.changed", "2 11:00", contact=EVA | {"consent": {"sms": "denied"}}),
    plan(step("first", "0h"), step("second", "1d", "email sms")),
)
example(
    "never bought, and not for three calendar months",
    Story()
    .order("7-2 10:00", contact=EVA)
    .order("7-2 10:01", "o2")
    .fill("1 10:00", contact=EVA)
    .fill("1 10:00", token="u"),
    scenario({"first": "0h"}, audience={"customers": "inactive", "inactive_for": "3mo"}),
)

# -- notices, at the edges ----------------------------------------------------------------------

example(
    "a notice told two days late moves what counts from it",
    Story().fill("1 10:00", received="4 09:00"),
    plan(step("tell", "0h", "agent"), step("second", "48h"), step("third", "1d")),
)
example(
    "her step waits while the notice waits",
    Story().fill("1 18:00"),
    plan(
        step("tell", "0h", "agent"),
        step("second", "2h"),
        quiet_hours={"agent": {"from": "09:00", "until": "18:00"}},
    ),
)
example(
    "a notice is not held by a cap, nor counted",
    Story().fill("1 10:00"),
    plan(
        step("a", "0h"),
        step("tell", "1h", "agent"),
        step("b", "1h"),
        limits={"not_more_often_than": "24h", "max_messages_per_30d": 2},
    ),
)
example(
    "a notice after a recent order",
    Story().order("1 09:00").fill("1 10:00"),
    plan(step("tell", "0h", "agent"), step("b", "1h"), limits={"not_after_order": "7d"}),
)
example(
    "a notice four days late",
    Story().fill("1 10:00", received="6 11:00"),
    plan(step("tell", "0h", "agent", stage=STAGE), step("b", "5d", only_if={"deal_stage": STAGE})),
)
example(
    "nobody can be reached, and the agent is told",
    Story().fill("1 10:00", contact={"customer_id": "c", "agent": "bruno@shop.test"}),
    plan(step("tell", "0h", "agent"), step("b", "1h", "email sms"), step("c", "1h", "letter")),
)

# -- once different -----------------------------------------------------------------------------

example("held until one instant", Story().fill("1 04:00"), scenario(TWO, quiet_hours=NIGHT))
example("overtaken when told late", Story().fill("1 04:00", received="2 08:00"), scenario(TWO))
example(
    "the last activity moves back",
    Story().fill("1 08:00").fill("1 12:00", "B").fill("1 10:00", "B", received="3 00:00"),
)
example(
    "hours by the clock that the file names",
    Story().fill("1 04:00"),
    scenario({"first": "0h"}, quiet_hours={"email": {**NIGHT["email"], "zone": "Asia/Tokyo"}}),
)
example(
    "a cart told after an order that names another one only",
    Story()
    .fill("1 10:00")
    .fill("1 10:30", token="u", received="3 00:00")
    .order("1 11:00", cart_token="t", contact=None),
)
example(
    "a late order for a second generation",
    Story().fill("1 10:00").order("1 11:00").fill("2 10:00", "B").order("2 12:00", "o2", "4 00:00"),
)
example(
    "two messages of a step, sent in one batch, are one step",
    Story().fill("1 10:00", contact=EVA),
    plan(step("a", "0h", "email sms"), step("b", "0h"), limits={"max_messages_per_30d": 2}),
)
example(
    "the least gap counts from a step's first message, in one batch as well",
    Story().fill("1 17:50", contact=EVA),
    plan(
        step("first", "0h", "email sms"),
        step("second", "0h"),
        limits={"not_more_often_than": "20h"},
        quiet_hours={"email": {"from": "02:30", "until": "19:45"}},
    ),
)
example(
    "who was never taken up is not started again",
    Story().fill("1 10:00").fill("1 14:00", "B"),
    scenario({"first": "0h"}, on_reabandon="ignore"),
    abandoned_after="1h",
)

# -- the language of the subject, which the oracle doesn't know ---------------------------------

LOCALES = ("it-CH", "en", "en-GB", "ja-JP", None)


def _speakers() -> Story:
    story = Story()
    for locale in LOCALES:
        email = f"{locale or 'unknown'}@example.test".lower()
        contact = {"email": email, "locale": locale, "consent": {"email": "granted"}}
        story.fill("1 10:00", token=email, contact=contact)
    return story


IN_HER_LANGUAGE = (
    _speakers().events,
    file_of(
        plan(
            step("first", "0h", template="agent_reminder"),
            languages={"mode": "multi", "default": "it", "list": ["it", "en"]},
        )
    ),
)
