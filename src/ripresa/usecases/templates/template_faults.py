"""What keeps the texts of an own template from being sent, by slot and in plain words."""

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.domain.templates.blocks.brand import USUAL, Brand
from ripresa.domain.templates.blocks.document import LETTER_SUBJECT, Block, Document
from ripresa.domain.templates.blocks.looks import setting_of
from ripresa.domain.templates.blocks.markup import is_section
from ripresa.domain.templates.blocks.on_paper import letter_of
from ripresa.domain.templates.blocks.writing import source_of
from ripresa.domain.templates.compile import compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import check_part
from ripresa.domain.templates.letters.compiling import compile_letter
from ripresa.domain.templates.letters.setting import check_glyphs
from ripresa.domain.templates.letters.typeface import NoGlyph
from ripresa.domain.templates.preflight import check_size, preflight

MAIL, LETTER = "mail", "letter"
MISSING = "words are missing"
NO_PICTURE = "a picture is missing"
NO_BLOCK = "there is no block"
# Around raw MJML that brings its own sections, and around what stands in a column.
_AROUND_SECTIONS = ("<mjml><mj-body><mj-wrapper>", "</mj-wrapper></mj-body></mjml>")
_AROUND = (
    "<mjml><mj-body><mj-section><mj-column>",
    "</mj-column></mj-section></mj-body></mjml>",
)


def faults(document: Document, language: str, brand: Brand = USUAL) -> dict[str, str]:
    """What keeps the texts of a language from being sent, by slot; empty: nothing does.

    The slot `mail` stands for what no single slot is to blame for.
    """
    found = dict.fromkeys(document.missing(language), MISSING)
    blocks = {block.id: block for block in document.walk_mail()}
    apart = {LETTER_SUBJECT, *(block.id for block in document.letter)}
    for slot in set(document.said(language)) - apart:
        if problem := _fault_of(document.said(language)[slot], blocks.get(slot), language):
            found[slot] = problem
    found |= {block.id: NO_PICTURE for block in blocks.values() if _lacks_picture(block)}
    if not document.blocks:
        found[MAIL] = NO_BLOCK
    if not found:
        try:
            compile_template(source_of(document, language, setting_of(brand)))
        except TemplateError as problem:
            found[MAIL] = problem.message
    return found


def letter_faults(document: Document, language: str) -> dict[str, str]:
    """The same for the letter; the slot `letter` stands for what no single slot is to blame for."""
    found = dict.fromkeys(document.missing_in_letter(language), MISSING)
    said = document.said(language)
    for slot in (LETTER_SUBJECT, *(block.id for block in document.letter if block.is_worded)):
        if problem := _fault_on_paper(said.get(slot, "")):
            found[slot] = problem
    found |= {block.id: NO_PICTURE for block in document.letter if _lacks_picture(block)}
    if not document.letter:
        found[LETTER] = NO_BLOCK
    if not found:
        try:
            compile_letter(letter_of(document, language), language)
        except TemplateError as problem:
            found[LETTER] = problem.message
    return found


def _fault_on_paper(text: str) -> str:
    try:
        check_part(text, "text")
        check_glyphs([text])
    except TemplateError as problem:
        return problem.message
    except NoGlyph as problem:
        return said_by(problem)
    return ""


def _lacks_picture(block: Block) -> bool:
    wants = block.kind in {"image", "picture"}
    return wants and not block.media and not block.source


def _fault_of(text: str, block: Block | None, language: str) -> str:
    kind = block.kind if block else ""
    if not text.strip():
        return ""
    try:
        if kind == "raw":
            return _fault_of_mjml(text, language)
        check_part(text, "body" if kind == "text" else "text")
    except TemplateError as problem:
        return problem.message
    return ""


def _fault_of_mjml(text: str, language: str) -> str:
    """As the pre-flight finds it, with the line and column of the author's own MJML."""
    before, after = _AROUND_SECTIONS if is_section(text) else _AROUND
    try:
        check_size(text, "body")
        preflight(check_part(f"{before}{text}{after}", "body"), language)
    except TemplateError as problem:
        last = text.count("\n") + 1
        line = min(problem.line, last)
        column = max(1, problem.column - len(before)) if line == 1 else problem.column
        return say(
            "line {line}, column {column}: {message}",
            line=line,
            column=column,
            message=problem.message,
        )
    return ""
