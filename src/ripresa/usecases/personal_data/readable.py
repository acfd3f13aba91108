"""What is kept of a person as a page that she can read: one file, no script, nothing fetched."""

import json
from typing import Any

from django.utils.html import escape

from ripresa.usecases.personal_data.export import PersonalData

_TITLES = {
    "contact": "Who you are",
    "contact_key": "By what you are known",
    "contact_link": "Keys that belong together",
    "contact_split": "Keys that were parted",
    "visit_key": "Carts and browsers on which you were seen",
    "phone_claim": "Phone numbers",
    "consent_claim": "Consent: the latest word",
    "consent_word": "Consent: its history",
    "language_choice": "The language you chose",
    "suppression": "Addresses that are not used",
    "cart": "Carts",
    "cart_activity": "What happened to carts",
    "abandonment": "Carts left behind",
    "shop_order": "Orders",
    "order_key": "How orders were recognised",
    "refund": "Refunds",
    "recovery": "Recoveries of carts",
    "message": "Messages",
    "message_content": "What messages said",
    "message_letter": "What letters said",
    "decision": "Why messages were sent or not",
    "coupon_issue": "Coupons",
    "deal": "Talks with an agent",
    "deal_activity": "What agents noted",
    "agent_assignment": "Your agent",
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem;"
    "border-top:1px solid #8888;padding-top:.75rem}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere;"
    "white-space:pre-wrap}h2{margin-top:2.5rem}"
)


def page_of(data: PersonalData, shop_name: str) -> str:
    """The page, in HTML."""
    parts = [_section(table, rows) for table, rows in data.tables.items()]
    title = escape(f"What {shop_name} keeps about you")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{data.told_at:%Y-%m-%d %H:%M} UTC</p>{''.join(parts)}</body></html>\n"
    )


def _section(table: str, rows: list[dict[str, Any]]) -> str:
    title = _TITLES.get(table, table.replace("_", " ").capitalize())
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
