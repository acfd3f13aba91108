-- Open carts are abandoned at the instant that was due, and each abandonment is kept as it was (CAP-4).
WITH abandoned AS (
    UPDATE cart AS c
       SET state = 'abandoned', abandoned_at = c.due_at, due_at = c.due_at + %(expires_after)s::interval
      FROM unnest(%(ids)s::uuid[], %(abandonment_ids)s::uuid[]) AS row (id, abandonment_id)
     WHERE c.shop_id = %(shop_id)s AND c.id = row.id AND c.state = 'open'
 RETURNING c.id, row.abandonment_id, c.abandoned_at, c.left_at, c.kind, c.currency, c.total_minor, c.item_count, c.items
)
INSERT INTO abandonment (shop_id, id, cart_id, abandoned_at, left_at, kind, currency, total_minor, item_count, items)
SELECT %(shop_id)s, abandonment_id, id, abandoned_at, left_at, kind, currency, total_minor, item_count, items
  FROM abandoned
    ON CONFLICT (shop_id, cart_id, abandoned_at) DO NOTHING;
