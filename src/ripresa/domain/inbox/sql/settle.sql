-- Mark as folded. The payload goes: what matters is kept where it belongs; the slim row tells duplicates.
WITH gone AS (
    DELETE FROM pending_order_key WHERE shop_id = %(shop_id)s AND inbox_id = ANY(%(ids)s)
)
UPDATE inbox AS i SET folded_at = %(now)s, payload = NULL, outcome = row.outcome
  FROM unnest(%(ids)s::uuid[], %(outcomes)s::text[]) AS row (id, outcome)
 WHERE i.shop_id = %(shop_id)s AND i.id = row.id;
