"""Other people's collections of nasty text, poured into every field."""

import json

import pytest

from ripresa.domain.templates.compile import TemplateSource, compile_template
from ripresa.domain.templates.context import build_context
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.render import render_preset
from tests.foreign import FOREIGN
from tests.mail_templates import TEXT, in_column, shape
from tests.unit.domain.templates.test_merge import everywhere

HOSTILE = FOREIGN / "hostile"
NAUGHTY = HOSTILE / "naughty_strings" / "blns.json"
BLEACH = HOSTILE / "bleach_sanitizer_vectors"

pytestmark = pytest.mark.foreign


def vectors():
    yield from json.loads(NAUGHTY.read_text(encoding="utf-8"))
    for file in sorted(BLEACH.glob("*.test"), key=lambda path: int(path.stem)):
        yield file.read_text(encoding="utf-8").split("\n--\n")[0]


def shape_of(name, value):
    context = build_context(everywhere(value), "it")
    return shape(render_preset(name, "email", "it", context).html)


@pytest.mark.parametrize("name", ["reminder", "agent_reminder"])
def test_as_values_they_change_no_mail(name):
    # What is an address is used as one; what is only invisible marks is as good as none.
    harmless = {kind: shape_of(name, kind) for kind in ("abc", "https://x.test/", "")}
    values = list(vectors())
    for value in values:
        shop = build_context(everywhere(value), "it")["shop"]
        kind = "https://x.test/" if shop["url"] else "abc" if shop["name"] else ""
        assert shape_of(name, value) == harmless[kind], value
    assert len(values) > 500


def test_as_templates_they_are_refused_or_do_nothing():
    for value in vectors():
        try:
            html = compile_template(
                TemplateSource("en", "S", in_column(f"<mj-text>{value}</mj-text>"), TEXT)
            ).html
        except TemplateError:
            continue
        assert not {name for _, names in shape(html) for name in names if name.startswith("on")}, (
            value
        )
        assert "script" not in {tag for tag, _ in shape(html)}, value
