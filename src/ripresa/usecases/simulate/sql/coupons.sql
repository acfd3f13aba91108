-- The codes that people got, in the order in which they got them; recoveries are numbered as in messages.sql.
WITH numbered AS (
    SELECT r.id, c.token,
           row_number() OVER (PARTITION BY c.source, c.token
                              ORDER BY COALESCE(r.taken_up_at, r.abandoned_at), c.generation, r.left_at) AS number
      FROM recovery AS r JOIN cart AS c ON c.shop_id = r.shop_id AND c.id = r.cart_id
     WHERE r.shop_id = %(shop_id)s
       AND EXISTS (SELECT 1 FROM decision AS d WHERE d.shop_id = r.shop_id AND d.origin_id = r.id)
)
SELECT i.reserved_at, n.token, n.number, i.step, p.name, i.code, i.expires_at
  FROM coupon_issue AS i
  JOIN numbered AS n ON n.id = i.origin_id
  JOIN coupon_pool AS p ON p.shop_id = i.shop_id AND p.id = i.pool_id
 WHERE i.shop_id = %(shop_id)s AND i.origin_kind = 'recovery' AND i.sent_at IS NOT NULL
 ORDER BY i.reserved_at, n.token COLLATE "C", i.step COLLATE "C", n.number;
