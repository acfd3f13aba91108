"""The device of a cart is what its browser says it runs on (contracts/scenario.md, docs/reference/events.md)."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.carts.rows import device_of

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "events.md"
MIGRATION = import_module("ripresa.domain.carts.migrations.0003_cart_device")
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WORDS = [
    "SmartTV", "SMART-TV", "Google TV", "Android TV", "iPad", "Tablet", "Tablet PC 2.0", "Kindle",
    "Silk/86", "PlayBook", "Android 15", "Mobi", "Mobile", "Opera Mini/36", "iPhone", "iPod",
    "Windows Phone 10.0", "BlackBerry", "Windows NT 10.0", "Macintosh", "X11", "CrOS", "Linux", "curl/8",
]  # fmt: skip


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0", "desktop"),
        (f"Mozilla/5.0 (Windows NT 6.1; Tablet PC 2.0) {WEBKIT}", "desktop"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Safari/605.1.15", "desktop"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "desktop"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/142.0.0.0", "desktop"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {WEBKIT} Mobile", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/142.0.0.0 Mobile Safari", "mobile"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "mobile"),
        ("Opera/9.80 (Android; Opera Mini/36.2; U; en) Presto/2.12.423", "mobile"),
        (f"Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Nokia) {WEBKIT} Mobile", "mobile"),
        (f"Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) {WEBKIT} Mobile/15E148", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 14; SM-X710) {WEBKIT} Chrome/142.0.0.0 Safari", "tablet"),
        ("Mozilla/5.0 (Android 15; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 11; KFTRWI) {WEBKIT} Silk/142 Mobile", "tablet"),
        (f"Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) {WEBKIT}", "unknown"),
        (f"Mozilla/5.0 (Linux; Android 12; BRAVIA 4K Android TV) {WEBKIT}", "unknown"),
        ("curl/8.5.0", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_a_browser_says_it_runs_on(user_agent, device):
    assert device_of(user_agent) == device


def as_the_reference_says(user_agent):
    """The table of the reference page, read by nobody who has seen the rule."""
    section = REFERENCE.read_text(encoding="utf-8").split("### The device of a cart")[1]
    rows = re.findall(r"^\| (.+) \| `(\w+)` \|$", section.split("\n## ")[0], re.MULTILINE)
    assert len(rows) == 6
    for words, device in rows:
        held, _, lacking = words.partition(", and neither ")
        said = user_agent.replace("Tablet PC", "") if "but not `Tablet PC`" in words else user_agent
        names = [name for name in re.findall("`([^`]+)`", held) if name != "Tablet PC"]
        others = re.findall("`([^`]+)`", lacking)
        is_else = not names
        if is_else or (any(n in said for n in names) and not any(n in said for n in others)):
            return device
    raise AssertionError


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("; ".join))
def test_the_reference_page_tells_the_rule(user_agent):
    assert device_of(user_agent) == as_the_reference_says(user_agent)


def test_the_migration_reads_the_same_words():
    for word in WORDS:
        name = re.split(r"[/ ]\d| PC| NT", word)[0]
        assert name in MIGRATION.READ_DEVICES or name in {"curl", "Mobile"}
