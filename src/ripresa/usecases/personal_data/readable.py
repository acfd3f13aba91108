"""What is kept of a person as a page that she can read: one file, no script, nothing fetched."""

import json
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from ripresa.contracts.calling.sayings import say
from ripresa.usecases.personal_data.export import PersonalData

_TITLES = {
    "contact": say("Who you are"),
    "contact_key": say("By what you are known"),
    "contact_link": say("Keys that belong together"),
    "contact_split": say("Keys that were parted"),
    "visit_key": say("Carts and browsers on which you were seen"),
    "phone_claim": say("Phone numbers"),
    "consent_claim": say("Consent: the latest word"),
    "consent_word": say("Consent: its history"),
    "language_choice": say("The language you chose"),
    "suppression": say("Addresses that are not used"),
    "cart": say("Carts"),
    "cart_activity": say("What happened to carts"),
    "abandonment": say("Carts left behind"),
    "shop_order": say("Orders"),
    "order_key": say("How orders were recognised"),
    "refund": say("Refunds"),
    "recovery": say("Recoveries of carts"),
    "message": say("Messages"),
    "message_content": say("What messages said"),
    "message_letter": say("What letters said"),
    "decision": say("Why messages were sent or not"),
    "coupon_issue": say("Coupons"),
    "deal": say("Talks with an agent"),
    "deal_activity": say("What agents noted"),
    "agent_assignment": say("Your agent"),
}
_TITLE = say("What {shop} keeps about you", shop="")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem;"
    "border-top:1px solid #8888;padding-top:.75rem}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere;"
    "white-space:pre-wrap}h2{margin-top:2.5rem}"
)


def page_of(data: PersonalData, shop_name: str, language: str) -> str:
    """The page, in HTML: titles in her language, else in `language`; names of fields as they are stored."""
    spoken = [str(row.get("locale") or "") for row in data.tables.get("contact", ())]
    codes = [one.partition("-")[0] for one in (*spoken, language)]
    code = next((one for one in codes if one in dict(settings.LANGUAGES)), "en")
    with translation.override(code):
        parts = [_section(table, rows) for table, rows in data.tables.items()]
        title = escape(gettext(_TITLE.pattern).format(shop=shop_name))
    return (
        f'<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{data.told_at:%Y-%m-%d %H:%M} UTC</p>{''.join(parts)}</body></html>\n"
    )


def _section(table: str, rows: list[dict[str, Any]]) -> str:
    known = _TITLES.get(table)
    title = gettext(known) if known else table.replace("_", " ").capitalize()
    lists = "".join(_row(row) for row in rows)
    return f"<section><h2>{escape(title)}</h2>{lists}</section>"


def _row(row: dict[str, Any]) -> str:
    lines = "".join(
        f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(_text(value))}</dd>"
        for name, value in row.items()
    )
    return f"<dl>{lines}</dl>"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
