"""What is kept of a person as a page that she can read: one file, no script, nothing fetched."""

import json
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_datetime
from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from ripresa.contracts.calling.sayings import say
from ripresa.core.money import Money
from ripresa.usecases.personal_data import words
from ripresa.usecases.personal_data.export import PersonalData

_TITLE = say("What {shop} keeps about you", shop="")
# Instants by another name.
_INSTANTS = {"at", "until", "planned_for"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem;"
    "border-top:1px solid #8888;padding-top:.75rem}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere;"
    "white-space:pre-wrap}h2{margin-top:2.5rem}"
)


def page_of(data: PersonalData, shop_name: str, language: str) -> str:
    """The page, in HTML: all in her language, else in `language`, but for what others have said."""
    spoken = [str(row.get("locale") or "") for row in data.tables.get("contact", ())]
    codes = [one.partition("-")[0] for one in (*spoken, language)]
    code = next((one for one in codes if one in dict(settings.LANGUAGES)), "en")
    with translation.override(code):
        parts = [_section(table, rows, code) for table, rows in data.tables.items()]
        told_at = _instant(data.told_at.isoformat(), code)
        title = escape(gettext(_TITLE.pattern).format(shop=shop_name))
    return (
        f'<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{told_at}</p>{''.join(parts)}</body></html>\n"
    )


def _section(table: str, rows: list[dict[str, Any]], language: str) -> str:
    lists = "".join(_row(table, row, language) for row in rows)
    return f"<section><h2>{escape(gettext(words.TITLES[table]))}</h2>{lists}</section>"


def _row(table: str, row: dict[str, Any], language: str) -> str:
    lines = "".join(
        f"<dt>{escape(gettext(words.COLUMNS[name]))}</dt>"
        f"<dd>{escape(_text(table, name, row, language))}</dd>"
        for name in row
    )
    return f"<dl>{lines}</dl>"


def _text(table: str, name: str, row: dict[str, Any], language: str) -> str:
    """A value as people write it in her language; what has no words of its own, as it is stored."""
    value = row[name]
    if isinstance(value, bool):
        return gettext(words.YES if value else words.NO)
    if name.endswith("_minor") and (currency := row.get("currency") or row.get("cost_currency")):
        return Money(int(value), currency).text(language)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, indent=1)
    known = words.CHANNELS if name == "channel" else {}
    if name.startswith("consent_") or (name == "state" and table.startswith("consent_")):
        known = words.CONSENTS
    if value in known:
        return gettext(known[value])
    return _instant(value, language) if name in _INSTANTS or name.endswith("_at") else value


def _instant(text: str, language: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{format_datetime(at.astimezone(UTC), 'medium', tzinfo=UTC, locale=language)} UTC"
