"""One mail for one person."""

from dataclasses import dataclass

from ripresa.domain.templates.catalogue import find_preset
from ripresa.domain.templates.compile import CompiledTemplate
from ripresa.domain.templates.merge import CannotMerge, MergeContext, merge


class TemplateMissing(LookupError):
    """No template of this name speaks this language."""


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """A subject of one line, and both parts of the body."""

    subject: str
    html: str
    text: str


def render_email(template: str, language: str, context: MergeContext) -> RenderedEmail:
    """Fill the preset `template`. Raises TemplateMissing, and CannotMerge as `render` does."""
    compiled = find_preset(template, language)
    if compiled is None:
        raise TemplateMissing(f"there is no template {template} in {language}")
    return render(compiled, context)


def render(template: CompiledTemplate, context: MergeContext) -> RenderedEmail:
    """Fill a compiled template. Raises CannotMerge if it needs a coupon and there is none."""
    if template.needs_coupon and not context["coupon"]["code"]:
        raise CannotMerge("the text names a coupon, and there is none", line=1)
    subject = merge(template.subject, context, is_html=False)
    return RenderedEmail(
        # Values are lines already; this holds even if a context was made elsewhere.
        subject=" ".join(subject.split()),
        html=merge(template.html, context, is_html=True),
        text=merge(template.text, context, is_html=False),
    )
