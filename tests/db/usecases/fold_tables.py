"""Put events into the inbox, and read the tables that a fold leaves, without ids."""

import json
from datetime import UTC, datetime

from django.db import connection

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.events import StoreEvent, encode_event
from ripresa.contracts.keys import order_keys
from ripresa.core.ids import new_id
from ripresa.domain.inbox.models import InboxEvent, PendingOrderKey

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def event(fields):
    decoded = decode_event(json.dumps(fields).encode())
    assert isinstance(decoded, StoreEvent), decoded
    return decoded


def arrive(shop, events, *, trusted=True, source="shop"):
    """Store events as the intake does; the same id twice is the same event."""
    rows, keys = [], []
    for fields in events:
        one = fields if isinstance(fields, StoreEvent) else event(fields)
        row = InboxEvent(
            shop=shop,
            id=new_id(NOW),
            source=source,
            external_id=one.id,
            type=one.type,
            trusted=trusted,
            occurred_at=one.occurred_at,
            received_at=one.received_at or one.occurred_at,
            payload=encode_event(one).decode(),
        )
        rows.append(row)
        if one.type == "order.placed":
            keys += [PendingOrderKey(shop=shop, key=k, inbox_id=row.id) for k in order_keys(one)]
    InboxEvent.objects.bulk_create(rows, ignore_conflicts=True)
    PendingOrderKey.objects.bulk_create(keys)


_PERSON = "(SELECT string_agg(key, ' ' ORDER BY key) FROM contact_key k WHERE k.shop_id = t.shop_id AND k.contact_id = t.{column})"
_TABLES = {
    "contact": "SELECT "
    + _PERSON.format(column="id")
    + """ AS person, email, phone, customer_id, first_name,
        last_name, locale, timezone, address, agent, reachable_at, consent_email, consent_sms,
        consent_letter FROM contact t""",
    "contact_key": "SELECT key, facts, reachable_at, "
    + _PERSON.format(column="contact_id")
    + " FROM contact_key t",
    "splits": "SELECT keys, event_id, occurred_at FROM contact_split t",
    "links": "SELECT left_key, right_key FROM contact_link t",
    "visits": "SELECT visit, key, trusted, earliest_at, latest_at FROM visit_key t",
    "phones": "SELECT phone, key, earliest_at, latest_at, latest_event FROM phone_claim t",
    "consents": "SELECT key, channel, state, proven, earliest_at, latest_at, latest_event, source, text FROM consent_claim t",
    "cart": "SELECT "
    + _PERSON.format(column="contact_id")
    + """ AS person, source, token, generation, person_key,
        known_by, visitor_id, checkout_id, state, kind, currency, total_minor, item_count, items, restore_url,
        user_agent, device, is_bot, is_test, begun_at, left_at, newest_at, newest_event, reachable_at, abandoned_at,
        ended_at, cause, due_at, (SELECT external_id FROM shop_order o WHERE o.shop_id = t.shop_id AND o.id = t.order_id)
        FROM cart t""",
    "activity": "SELECT source, token, occurred_at, event_id, kind, payload FROM cart_activity t",
    "abandonment": """SELECT c.token, c.generation, t.abandoned_at, t.left_at, t.kind, t.currency, t.total_minor, t.items
        FROM abandonment t JOIN cart c ON c.shop_id = t.shop_id AND c.id = t.cart_id""",
    "order": "SELECT "
    + _PERSON.format(column="contact_id")
    + """ AS person, source, external_id, number, person_key, currency,
        total_minor, discount_codes, origin, is_test, placed_at, content_at, content_event, cancelled_at,
        refunded_minor FROM shop_order t""",
    "refund": "SELECT external_id, order_external_id, amount_minor, currency, occurred_at FROM refund t",
}


def tables(shop):
    """Every table of the fold as sorted text rows, ids left out."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in _TABLES.items():
            cursor.execute(f"{query} WHERE t.shop_id = %s", [shop.id])
            found[name] = sorted(repr(row) for row in cursor.fetchall())
    return found
