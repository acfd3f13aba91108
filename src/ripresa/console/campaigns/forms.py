"""Message, coupon, budget and schedule: between what stands in the file and what is typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ripresa.console.campaigns.words import CHANNELS
from ripresa.console.layout.forms import Form, Taking
from ripresa.console.layout.typed import line
from ripresa.console.layout.writing import as_typed
from ripresa.console.wizard import texts
from ripresa.core.money import NotMoney, parse_minor
from ripresa.domain.scenarios.file.editing import ScenarioText, one_line, one_line_list
from ripresa.domain.shops.models import Shop

_MOST_MESSAGES = 100_000_000
_MOST_PER_30D = 1_000
_MINUTES = len("2026-12-01T09:00")


def show_message(campaign: ScenarioText, shop: Shop) -> tuple[Form, list[str]]:
    """Channels, words, languages and sender; and the languages it speaks."""
    form, speaks = texts.show_language(campaign, shop.language)
    form |= texts.show_sender(campaign)[0]
    sent = campaign.get("message", "send")
    for channel in CHANNELS:
        is_on = isinstance(sent, list) and channel in sent
        form.show(f"by_{channel}", "yes" if is_on else "")
    form.show("send", "")
    form.show("template", campaign.get("message", "template", default=""))
    form.show("agent", campaign.get("message", "sender", default=""))
    return form, speaks


def take_message(campaign: ScenarioText, post: Mapping[str, str]) -> dict[str, str]:
    """Put them into the file."""
    taking = Taking(campaign, post)
    channels = [channel for channel in CHANNELS if post.get(f"by_{channel}")]
    if not channels:
        taking.wrong["send"] = _("Choose at least one channel.")
    elif channels != list(campaign.get("message", "send") or ()):
        campaign.put(("message", "send"), one_line_list(channels))
    taking.word("template", ("message", "template"))
    campaign.put(("message", "sender"), "agent" if post.get("agent") else None)
    taking.wrong |= texts.take_language(campaign, post, texts.languages_known(campaign))
    taking.wrong |= texts.take_sender(campaign, post)
    return taking.wrong


def show_coupon(campaign: ScenarioText) -> Form:
    """Which pool, and how long a code holds."""
    form = Form()
    form.show("pool", campaign.get("message", "coupon", "pool", default=""))
    form.show_duration("valid", campaign.get("message", "coupon", "valid_for"))
    return form


def take_coupon(campaign: ScenarioText, post: Mapping[str, str]) -> dict[str, str]:
    """Put them into the file."""
    taking = Taking(campaign, post)
    pool = line(post.get("pool"))
    if pool:
        campaign.put(("message", "coupon", "mint"), None)
        campaign.put(("message", "coupon", "pool"), pool)
        taking.duration("valid", ("message", "coupon", "valid_for"))
    else:
        campaign.put(("message", "coupon"), None)
    return taking.wrong


def show_budget(campaign: ScenarioText, shop: Shop) -> Form:
    """When it goes, what it may use up, and what holds it back."""
    form, get = Form(), campaign.get
    start, until = get("schedule", "from"), get("schedule", "until")
    is_on = get("schedule", "mode", default="once") == "continuous"
    form.show("mode", "continuous" if is_on else "once" if start else "now")
    form.show("from", _local(start, shop))
    form.show("until", _local(until, shop))
    form.show("max_messages", get("budget", "max_messages"))
    form.show("max_cost", as_typed(get("budget", "max_cost")))
    for channel in CHANNELS:
        form.show(f"cost_{channel}", as_typed(get("budget", "cost", channel)))
    form.show("legal_basis", get("legal_basis", default="by_country"))
    form.show_duration("gap", get("limits", "not_more_often_than"))
    form.show_duration("after_order", get("limits", "not_after_order"))
    form.show("most", get("limits", "max_messages_per_30d"))
    form.show_duration("stale_after", get("stale_after", default="14d"))
    return form


def _local(written: object, shop: Shop) -> str:
    """An instant of a file as a field for day and hour takes it, in the shop's zone."""
    if written is None:
        return ""
    try:
        instant = datetime.fromisoformat(str(written))
    except ValueError:
        return ""
    zone = ZoneInfo(shop.timezone)
    local = instant.astimezone(zone) if instant.tzinfo else instant
    return local.isoformat()[:_MINUTES]


def take_budget(campaign: ScenarioText, post: Mapping[str, str], shop: Shop) -> dict[str, str]:
    """Put them into the file."""
    taking = Taking(campaign, post)
    if "mode" in post:
        _take_schedule(taking, shop)
    if "max_messages" in post:
        _take_limits_of_budget(taking, shop.currency)
    taking.word("legal_basis", ("legal_basis",), usual="by_country")
    taking.duration("gap", ("limits", "not_more_often_than"))
    taking.duration("after_order", ("limits", "not_after_order"))
    taking.whole("most", ("limits", "max_messages_per_30d"), least=1, most=_MOST_PER_30D)
    taking.duration("stale_after", ("stale_after",), usual="14d")
    return taking.wrong


def _take_schedule(taking: Taking, shop: Shop) -> None:
    mode = taking.post["mode"]
    wanted: dict[str, Any] = {"mode": "continuous"} if mode == "continuous" else {}
    for name in ("from", "until"):
        typed = line(taking.post.get(name))
        if not typed or mode == "now" or (name == "until" and mode == "once"):
            continue
        try:
            wanted[name] = f"{datetime.fromisoformat(typed):%Y-%m-%d %H:%M}"
        except ValueError:
            taking.wrong[name] = _("A day and an hour, like 2026-12-01 09:00.")
    if mode == "once" and "from" not in wanted and "from" not in taking.wrong:
        taking.wrong["from"] = _("Say when it goes.")
    if not taking.wrong and _differs(taking.scenario, wanted, shop):
        taking.scenario.put(("schedule",), one_line({"mode": "once", **wanted}) if wanted else None)


def _differs(campaign: ScenarioText, wanted: Mapping[str, Any], shop: Shop) -> bool:
    """Whether the file says something else already; one with a zone of its own keeps it."""
    before = show_budget(campaign, shop)
    mode = wanted.get("mode", "once" if "from" in wanted else "now")
    spans = [str(wanted.get(name, "")).replace(" ", "T") for name in ("from", "until")]
    return [mode, *spans] != [before[name].value for name in ("mode", "from", "until")]


def _take_limits_of_budget(taking: Taking, currency: str) -> None:
    campaign = taking.scenario
    taking.whole("max_messages", ("budget", "max_messages"), least=1, most=_MOST_MESSAGES)
    _take_money(taking, "max_cost", ("budget", "max_cost"), currency)
    for channel in CHANNELS:
        _take_money(taking, f"cost_{channel}", ("budget", "cost", channel), currency)
    is_limited = campaign.get("budget", "max_messages") or campaign.get("budget", "max_cost")
    if not is_limited and campaign.get("budget", "cost") is not None and not taking.wrong:
        taking.wrong["max_cost"] = _("A cost needs a limit: how much may it be in all?")


def _take_money(taking: Taking, name: str, path: tuple[str, ...], currency: str) -> None:
    if name not in taking.post:
        return
    typed = line(taking.post[name]).replace(",", ".")
    if not typed:
        taking.scenario.put(path, None)
        return
    try:
        is_right = parse_minor(typed, currency) > 0
    except NotMoney:
        is_right = False
    if not is_right:
        taking.wrong[name] = _("A value looks like 49.90.")
    elif typed != str(taking.scenario.get(*path)):
        taking.scenario.put(path, typed)
