"""From what an author writes to what is merged per person. Done once, when a template is saved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import mrml

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.domain.templates.errors import TemplateError, error_at
from ripresa.domain.templates.language.check import CheckedPart, MergeTag, Role, check_part
from ripresa.domain.templates.language.fields import UNSUBSCRIBE
from ripresa.domain.templates.merge import (
    CannotMerge,
    MergeContext,
    interwoven,
    merge,
    plain_source,
)
from ripresa.domain.templates.preflight import Prepared, check_size, preflight
from ripresa.domain.templates.sample import bare_context, full_context

MAX_SUBJECT = 500

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A template as its author writes it. `language` is a tag like it, en or pt-BR."""

    language: str
    subject: str
    mjml: str
    text: str


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """What `merge` takes: three sources in MiniJinja's syntax, all checked.

    `fields_used` names fields as `cart.items.title`. `needs_coupon`: without a coupon a sentence
    would have a hole, so the message is only for people who hold one.
    """

    language: str
    subject: str
    html: str
    text: str
    fields_used: frozenset[str]
    needs_coupon: bool


def compile_template(source: TemplateSource, *, to_customer: bool = True) -> CompiledTemplate:
    """Check and compile. Raises TemplateError with part, line and column of the first mistake.

    What an agent reads needs no way to unsubscribe.
    """
    if not _LANGUAGE.match(source.language):
        raise TemplateError(
            1, 1, say("{tag} is no language tag such as it or pt-BR", tag=source.language)
        )
    parts = {
        "subject": _check_subject(source.subject),
        "body": _check(source.mjml, "body"),
        "text": _check(source.text, "text"),
    }
    prepared = preflight(parts["body"], source.language)
    if to_customer:
        _check_unsubscribe(parts["text"], prepared)
    compiled = CompiledTemplate(
        language=source.language,
        subject=plain_source(parts["subject"]),
        html=interwoven(_rendered(prepared, parts["body"])),
        text=plain_source(parts["text"]),
        fields_used=frozenset[str]().union(*(part.fields_used for part in parts.values())),
        needs_coupon=any(part.needs_coupon for part in parts.values()),
    )
    _try_out(compiled)
    return compiled


@dataclass(frozen=True, slots=True)
class CompiledText:
    """A text without markup, for an SMS or a letter; `subject` may be empty. As CompiledTemplate."""

    language: str
    subject: str
    text: str
    fields_used: frozenset[str]
    needs_coupon: bool


def compile_text(*, language: str, subject: str, text: str) -> CompiledText:
    """Check and compile a text without markup. Raises TemplateError as `compile_template` does."""
    head, body = _check(subject, "subject"), _check(text, "text")
    if not body.source.strip():
        raise TemplateError(1, 1, say("there is no text"), "text")
    compiled = CompiledText(
        language=language,
        subject=plain_source(head),
        text=plain_source(body),
        fields_used=head.fields_used | body.fields_used,
        needs_coupon=head.needs_coupon or body.needs_coupon,
    )
    for context in (full_context(language), bare_context(language)):
        for part, source in (("subject", compiled.subject), ("text", compiled.text)):
            _try_out_part(source, part, context)
    return compiled


def _check(source: str, part: str) -> CheckedPart:
    check_size(source, part)
    return check_part(source, part)


def _check_subject(subject: str) -> CheckedPart:
    if not subject.strip():
        raise TemplateError(1, 1, say("a mail needs a subject"), "subject")
    if len(subject) > MAX_SUBJECT:
        message = say("a subject has at most {most} characters", most=MAX_SUBJECT)
        raise error_at(subject, MAX_SUBJECT, message, "subject")
    if (line_end := subject.find("\n")) >= 0 or (line_end := subject.find("\r")) >= 0:
        raise error_at(subject, line_end, say("a subject is one line"), "subject")
    return _check(subject, "subject")


def _check_unsubscribe(text: CheckedPart, prepared: Prepared) -> None:
    """Every mail has to offer the way out (CNS-2), in both of its forms and outside any `if`."""
    if UNSUBSCRIBE not in prepared.linked:
        message = say(
            'a link to unsubscribe is missing: <a href="{{{{ {field} }}}}">…</a>', field=UNSUBSCRIBE
        )
        raise TemplateError(1, 1, message)
    if not any(tag.is_always_there and UNSUBSCRIBE in tag.fields for tag in text.tags):
        message = say("a way to unsubscribe is missing: {{{{ {field} }}}}", field=UNSUBSCRIBE)
        raise TemplateError(1, 1, message, "text")


def _rendered(prepared: Prepared, body: CheckedPart) -> Iterator[str | MergeTag]:
    """The HTML, cut at its merge tags."""
    options = mrml.RenderOptions(disable_comments=False, fonts={})
    try:
        html = mrml.to_html(prepared.mjml, render_options=options).content
    except (
        OSError
    ) as problem:  # what mrml raises; after the pre-flight nothing is known to cause it
        message = say("this MJML can't be laid out: {problem}", problem=problem)
        raise TemplateError(1, 1, message) from None
    pieces = prepared.token.split(html)
    placed = {int(index) for index in pieces[1::2]}
    for index, tag in enumerate(body.tags):
        if tag.role is not Role.NOTE and index not in placed:
            raise error_at(body.source, tag.start, say("{tag} has no effect here", tag=tag.merge))
    for number, piece in enumerate(pieces):
        yield body.tags[int(piece)] if number % 2 else piece


def _try_out(compiled: CompiledTemplate) -> None:
    """Merge with the largest and the barest cart: what fails shall fail now, not at sending."""
    for context in (full_context(compiled.language), bare_context(compiled.language)):
        for part, source in (
            ("subject", compiled.subject),
            ("body", compiled.html),
            ("text", compiled.text),
        ):
            _try_out_part(source, part, context)


def _try_out_part(source: str, part: str, context: MergeContext) -> None:
    try:
        merge(source, context, is_html=part == "body")
    except CannotMerge as problem:
        message = say("can't be filled in: {problem}", problem=said_by(problem))
        raise TemplateError(1, 1, message, part) from None
