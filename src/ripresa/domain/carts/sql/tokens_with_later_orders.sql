-- Of these tokens, those on which or on whose people an order already lies at or after the given instant.
SELECT t.token
  FROM unnest(%(tokens)s::text[], %(since)s::timestamptz[]) AS t (token, since)
 WHERE EXISTS (
       SELECT 1 FROM order_key AS k JOIN shop_order AS o ON o.shop_id = k.shop_id AND o.id = k.order_id
        WHERE k.shop_id = %(shop_id)s AND o.placed_at >= t.since
          AND (k.key = 'token:' || t.token
               OR k.key IN (SELECT key FROM visit_key WHERE shop_id = %(shop_id)s AND visit = 'token:' || t.token)))
    OR EXISTS (
       SELECT 1 FROM visit_key AS v
         JOIN contact_key AS c ON c.shop_id = v.shop_id AND c.key = v.key
         JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.contact_id = c.contact_id
        WHERE v.shop_id = %(shop_id)s AND v.visit = 'token:' || t.token AND o.placed_at >= t.since);
