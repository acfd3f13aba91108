"""The console's catalogues: collect what its code and templates say, and compile what is translated.

`python scripts/messages.py` brings every locale/<language>/LC_MESSAGES/django.po up to date with the
sources and writes its django.mo. New messages come in empty; a test fails until they are translated.
"""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import Engine, Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from ripresa.domain.attribution.definitions import definitions
from ripresa.domain.scenarios.legal_basis.presets import shipped
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.files.mappings import list_mappings

ROOT = Path(__file__).resolve().parent.parent / "src" / "ripresa" / "console"
LOCALES = ROOT / "locale"
LANGUAGES = ("de", "it", "ro", "ru")
_KEYWORDS = {"_": None, "_lazy": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
_SAYING = (
    "channels", "connectors", "contracts", "core", "usecases", "entrypoints/doctor",
    "domain/coupons", "domain/campaigns", "domain/imports", "domain/scenarios", "domain/segments",
    "domain/templates", "domain/webhooks", "console/carriers",
)  # fmt: skip
# Below the sayings, and where they are raised beside it: core.words.patterned.
_PATTERNED = (
    "NotMoney", "Unreadable", "ColumnUnclear", "NotAnAmount", "NotAnInstant",
    "NotAsked", "NoAnswer", "ForbiddenPlace",
)  # fmt: skip
_RAISING = {"core", "domain/coupons"}
Message = str | tuple[str, str]
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def messages_in_sources() -> set[Message]:
    """Everything the console says: a text, or (singular, plural)."""
    found = {*_in_code(), *sayings()}
    for one in definitions().values():
        found |= {one.title, one.meaning, one.dated}
    found |= {one.label for one in PROVIDERS.values() if " " in one.label}
    found |= {one.label for one in list_mappings().values()}
    for setting in (setting for one in PROVIDERS.values() for setting in one.settings):
        found |= {setting.label, setting.help}
    laws = (each.law for one in shipped().presets.values() for each in one.countries.values())
    found |= {law for law in laws if law}
    engine = Engine(
        dirs=[ROOT / "templates"],
        libraries={
            "i18n": "django.templatetags.i18n",
            "static": "django.templatetags.static",
            "console": "ripresa.console.templatetags.console",
            "rooms": "ripresa.console.templatetags.rooms",
            "verdicts": "ripresa.console.templatetags.verdicts",
            "audited": "ripresa.console.templatetags.audited",
            "steps": "ripresa.console.templatetags.steps",
        },
    )
    for path in sorted((ROOT / "templates").rglob("*.html")):
        found |= set(_in_template(engine, path))
    return found


def sayings() -> Iterator[str]:
    """What connectors, providers, files and the doctor say to people: contracts.calling.sayings."""
    for folder in _SAYING:
        sayers = ("say", *(_PATTERNED if folder in _RAISING else ()))
        for path in sorted((ROOT.parent / folder).rglob("*.py")):
            with path.open("rb") as file:
                for _line, _name, said, _comments in extract_python(file, sayers, [], {}):
                    if said:
                        yield str(said if isinstance(said, str) else said[0])


def _in_code() -> Iterator[Message]:
    for path in sorted(ROOT.rglob("*.py")):
        with path.open("rb") as file:
            for _line, name, said, _comments in extract_python(file, list(_KEYWORDS), [], {}):
                if said is None:
                    continue  # words from elsewhere: see messages_in_sources
                if name == "ngettext":
                    yield (str(said[0]), str(said[1]))
                else:
                    text = said if isinstance(said, str) else said[0]
                    if text:
                        yield str(text)


def _in_template(engine: Engine, path: Path) -> Iterator[Message]:
    template = engine.from_string(path.read_text(encoding="utf-8"))
    for node in template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
        yield from _said_by(node)


def _said_by(node: Node) -> Iterator[Message]:
    if isinstance(node, BlockTranslateNode):
        singular = node.render_token_list(node.singular)[0]
        if node.trimmed:
            raise SystemExit("write blocktranslate on one line; trimmed is not collected")
        yield (singular, node.render_token_list(node.plural)[0]) if node.plural else singular
    elif isinstance(node, TranslateNode):
        literal = node.filter_expression.var
        yield str(literal if isinstance(literal, str) else literal.literal)


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language; an empty one if there is none yet."""
    path = _path(language, "po")
    if not path.exists():
        return Catalog(locale=language, domain="django", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it at run time."""
    # The same words shall give the same bytes on any day.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update(language: str) -> int:
    """Bring one language up to date; how many of its messages wait for a translation."""
    old = read_catalogue(language)
    new = Catalog(locale=language, domain="django", fuzzy=False)
    for message in sorted(messages_in_sources(), key=_first):
        known = old.get(_first(message))
        new.add(message, known.string if known and known.id == message else None)
    text = io.BytesIO()
    write_po(text, new, no_location=True, omit_header=True, width=0)
    path = _path(language, "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plural=new.plural_forms)
    path.write_text(header + text.getvalue().decode(), encoding="utf-8")
    _path(language, "mo").write_bytes(compiled(read_catalogue(language)))
    return len(untranslated(new))


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that still want words in this language."""
    return [_first(each.id) for each in catalogue if each.id and not _is_translated(each.string)]


def _first(message: Message) -> str:
    return message if isinstance(message, str) else message[0]


def _is_translated(said: str | tuple[str, ...] | None) -> bool:
    return bool(said) and all(said)


def _path(language: str, suffix: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"django.{suffix}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ripresa.entrypoints.settings")
    django.setup()
    for code in LANGUAGES:
        print(code, update(code))
