"""One message for one person."""

from dataclasses import dataclass, replace

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.catalogue import Compiled, find_template
from ripresa.domain.templates.compile import CompiledTemplate, CompiledText
from ripresa.domain.templates.letters.blocks import FilledLetter
from ripresa.domain.templates.letters.compiling import CompiledLetter, fill
from ripresa.domain.templates.merge import CannotMerge, MergeContext, merge

# Non-breaking spaces are not in the GSM alphabet (3GPP TS 23.038): one of them makes every character of
# an SMS count double. Babel writes them into money.
_SMS_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


class TemplateMissing(LookupError):
    """No template of this name speaks this language."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A subject of one line, and the body: `html` is empty where a channel has no markup.

    `letter`: the blocks that go on paper, of which `text` shows the words. `source`: the merge sources of
    `html` and `text`; empty where there are none.
    """

    subject: str
    html: str
    text: str
    letter: FilledLetter | None = None
    source: tuple[str, str] = ("", "")


def render_preset(template: str, channel: str, language: str, context: MergeContext) -> Rendered:
    """Fill the preset `template`. Raises TemplateMissing, and CannotMerge as `render` does."""
    compiled = find_template(template, channel, language)
    if compiled is None:
        raise TemplateMissing(
            say(
                "there is no template {template} for {channel} in {language}",
                template=template,
                channel=channel,
                language=language,
            )
        )
    return render_compiled(compiled, context)


def render_compiled(compiled: Compiled, context: MergeContext) -> Rendered:
    """Fill a compiled template of any channel. Raises CannotMerge as `render` does."""
    if isinstance(compiled, CompiledTemplate):
        return render(compiled, context)
    if isinstance(compiled, CompiledLetter):
        letter = fill(compiled, context)
        return Rendered(letter.subject, "", letter.text, letter)
    return render_sms(compiled, context)


def render(template: CompiledTemplate, context: MergeContext) -> Rendered:
    """Fill a compiled template. Raises CannotMerge if it needs a coupon and there is none."""
    _check_coupon(template, context)
    return Rendered(
        _subject(template.subject, context),
        html=merge(template.html, context, is_html=True),
        text=merge(template.text, context, is_html=False),
        source=(template.html, template.text),
    )


def render_text(template: CompiledText, context: MergeContext) -> Rendered:
    """Fill a text without markup. Raises CannotMerge as `render` does."""
    _check_coupon(template, context)
    return Rendered(
        _subject(template.subject, context),
        "",
        merge(template.text, context, is_html=False),
        source=("", template.text),
    )


def render_sms(template: CompiledText, context: MergeContext) -> Rendered:
    """Fill a short message. Raises CannotMerge as `render` does."""
    words = render_text(template, context)
    return replace(words, subject="", text=words.text.translate(_SMS_SPACES).strip())


def _check_coupon(template: CompiledTemplate | CompiledText, context: MergeContext) -> None:
    if template.needs_coupon and not context["coupon"]["code"]:
        raise CannotMerge(say("the text names a coupon, and there is none"), line=1)


def _subject(source: str, context: MergeContext) -> str:
    # Values are lines already; this holds even if a context was made elsewhere.
    return " ".join(merge(source, context, is_html=False).split())
