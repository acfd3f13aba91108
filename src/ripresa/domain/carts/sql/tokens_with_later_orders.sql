-- Of these tokens, those that an order which lies at or after the given instant may concern: by a key that it
-- named, or by its person, who may be known by the cart or by the browser alone. And those of carts that went on
-- under another token: their events are one cart's.
SELECT t.token
  FROM unnest(%(tokens)s::text[], %(since)s::timestamptz[], %(visitors)s::text[], %(checkouts)s::text[])
       AS t (token, since, visitor, checkout)
 WHERE EXISTS (
       SELECT 1 FROM order_key AS k JOIN shop_order AS o ON o.shop_id = k.shop_id AND o.id = k.order_id
        WHERE k.shop_id = %(shop_id)s AND o.placed_at >= t.since
          AND k.key IN ('token:' || t.token, 'checkout:' || t.checkout))
    OR EXISTS (
       SELECT 1 FROM visit_key AS v
         JOIN order_key AS k ON k.shop_id = v.shop_id AND k.key = v.key
         JOIN shop_order AS o ON o.shop_id = k.shop_id AND o.id = k.order_id
        WHERE v.shop_id = %(shop_id)s AND v.visit IN ('token:' || t.token, 'visitor:' || t.visitor)
          AND o.placed_at >= t.since)
    OR EXISTS (
       SELECT 1 FROM visit_key AS v
         JOIN contact_key AS c ON c.shop_id = v.shop_id AND c.key = v.key
         JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.contact_id = c.contact_id
        WHERE v.shop_id = %(shop_id)s AND v.visit IN ('token:' || t.token, 'visitor:' || t.visitor)
          AND o.placed_at >= t.since)
    OR EXISTS (
       SELECT 1 FROM visit_key AS v
        WHERE v.shop_id = %(shop_id)s AND v.key = 'token:' || t.token AND v.visit LIKE 'token:%%')
    OR EXISTS (
       SELECT 1 FROM visit_key AS v
        WHERE v.shop_id = %(shop_id)s AND v.visit = 'token:' || t.token AND v.key LIKE 'token:%%');
