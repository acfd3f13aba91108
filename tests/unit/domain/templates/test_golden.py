"""Every preset as it was looked at and found good: mails as HTML, all words of all channels as text.

What differs from its file is either a mistake or meant. If it is meant: `make golden`, look at the
difference, and commit it with the change that made it.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ripresa.domain.templates.blocks.brand import Brand
from ripresa.domain.templates.blocks.looks import SHIPPED, Slots, setting_of, slots_of
from ripresa.domain.templates.catalogue import AGENT, find_template, list_presets
from ripresa.domain.templates.context import CouponFields, build_context
from ripresa.domain.templates.render import Rendered, render_compiled
from ripresa.domain.templates.sample import sample_fields

GOLDEN = Path(__file__).parent / "golden"
BASE = "https://mail.shop.example"
BRAND = Brand(
    page="#eef3f1", card="#fffdf7", accent="#1f6f5c", ink="#12302a", link="#1f6f5c",
    button="#1f6f5c", button_ink="#fffdf7", radius=14, headline_face="trebuchet",
    text_face="verdana", logo=f"7/{'ab' * 32}-600.png", company="Bottega S.r.l., VAT 01234567890",
    contact="ciao@bottega.example", notes={"en": "Wine since 1921"},
)  # fmt: skip
PRESETS = list_presets()
FIELDS = replace(
    sample_fields(), coupon=CouponFields("BACK10", datetime(2026, 12, 31, 22, 0, tzinfo=UTC))
)
LOOKS: dict[str, Slots] = {
    "": SHIPPED,
    "-in-brand": slots_of(setting_of(BRAND, BASE), "en"),
}
FILES = [
    *(f"{one.name}{look}.html" for one in PRESETS for look in LOOKS if one.channels != (AGENT,) or not look),
    *(f"{one.name}.txt" for one in PRESETS),
]  # fmt: skip


def said(name: str, channel: str, language: str, look: Slots = SHIPPED) -> Rendered:
    found = find_template(name, channel, language, look)
    assert found is not None
    return render_compiled(found, build_context(FIELDS, language))


def mail(name: str, look: Slots) -> str:
    """The mail in English, an element a line."""
    channel = AGENT if find_template(name, "email", "en") is None else "email"
    html = said(name, channel, "en", look).html
    return "\n".join(line.rstrip() for line in re.sub(r">\s*<", ">\n<", html).splitlines()) + "\n"


def words(name: str) -> str:
    """What it says in each channel and language."""
    (preset,) = (one for one in PRESETS if one.name == name)
    parts = []
    for channel in preset.channels:
        for language in preset.languages:
            one = said(name, channel, language)
            parts.append(f"== {channel} {language}: {one.subject}\n\n{one.text.strip()}\n")
    return "\n".join(parts)


def made(file: str) -> str:
    name, kind = file.split(".")
    if kind == "txt":
        return words(name)
    look = "-in-brand" if name.endswith("-in-brand") else ""
    return mail(name.removesuffix("-in-brand"), LOOKS[look])


@pytest.mark.parametrize("file", FILES)
def test_a_preset_is_as_it_was_looked_at(file, request):
    if request.config.getoption("--renew-golden"):
        (GOLDEN / file).write_text(made(file), "utf-8")
    kept = (GOLDEN / file).read_text("utf-8")
    assert made(file) == kept, f"{file} differs: if that is meant, make golden and look at it"


def test_no_file_is_left_of_a_preset_that_is_gone():
    assert {each.name for each in GOLDEN.iterdir()} == set(FILES)
