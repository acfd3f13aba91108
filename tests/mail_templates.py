"""Short ways to write a template and to look at what came out of it."""

from dataclasses import replace

import pytest
from lxml import html as lxml_html

from ripresa.core.money import Money
from ripresa.domain.templates.compile import CompiledTemplate, TemplateSource, compile_template
from ripresa.domain.templates.context import (
    CartFields,
    ItemFields,
    MergeFields,
    build_context,
)
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import check_part
from ripresa.domain.templates.preflight import preflight
from ripresa.domain.templates.render import Rendered, render
from ripresa.domain.templates.sample import sample_fields

WAY_OUT = '<mj-text><a href="{{ links.unsubscribe }}">Stop</a></mj-text>'
TEXT = "{{ links.unsubscribe }}\n"


def in_column(inner: str, head: str = "") -> str:
    """MJML with `inner` in its only column, beside a link to unsubscribe."""
    return (
        f"<mjml><mj-head>{head}</mj-head><mj-body><mj-section><mj-column>{WAY_OUT}"
        f"{inner}</mj-column></mj-section></mj-body></mjml>"
    )


def source(
    inner: str = "", *, head: str = "", subject: str = "S", text: str = TEXT
) -> TemplateSource:
    return TemplateSource("en", subject, in_column(inner, head), text)


def compiled(inner: str = "", **parts: str) -> CompiledTemplate:
    return compile_template(source(inner, **parts))


def in_text(words: str) -> CompiledTemplate:
    """A template whose body says `words` inside an mj-text."""
    return compiled(f"<mj-text>{words}</mj-text>")


def rendered(inner: str, fields: MergeFields | None = None, **parts: str) -> Rendered:
    context = build_context(fields or sample_fields(), "en")
    return render(compiled(inner, **parts), context)


def said(mail: Rendered) -> str:
    """The words a reader of the HTML part sees, the unsubscribe link of `in_column` left out."""
    body = lxml_html.fromstring(mail.html).find("body")
    words = " ".join(" ".join(body.itertext()).split())
    return words.removeprefix("Stop").strip()


def with_items(*items: ItemFields) -> MergeFields:
    fields = sample_fields()
    total = Money(sum(item.unit_price.minor * item.quantity for item in items), "EUR")
    return replace(fields, cart=CartFields(items, total))


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with its attributes' names: what injected markup would change."""
    return [
        (str(element.tag), tuple(element.attrib))
        for element in lxml_html.fromstring(html).iter()
        if isinstance(element.tag, str)
    ]


def refusal(mjml: str) -> TemplateError:
    """Why a body is refused; fails if it is not."""
    with pytest.raises(TemplateError) as caught:
        compile_template(TemplateSource("en", "S", mjml, TEXT))
    assert caught.value.part == "body"
    return caught.value


def refusal_in_text(words: str) -> TemplateError:
    """Why `words` in a text block are refused."""
    return refusal(in_column(f"<mj-text>{words}</mj-text>"))


def prepared(mjml: str) -> str:
    """A body as the pre-flight hands it to the renderer."""
    return preflight(check_part(mjml, "body"), "en").mjml
