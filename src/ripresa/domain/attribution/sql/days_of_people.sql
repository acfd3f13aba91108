-- Instants on whose days something of these people is counted: messages, orders, carts left behind.
SELECT handed_over_at FROM message
 WHERE shop_id = %(shop_id)s AND contact_id = ANY(%(ids)s::uuid[]) AND state IN ('sent', 'unknown')
UNION
SELECT placed_at FROM shop_order
 WHERE shop_id = %(shop_id)s AND contact_id = ANY(%(ids)s::uuid[]) AND placed_at IS NOT NULL
UNION
SELECT a.abandoned_at
  FROM cart AS c
  JOIN abandonment AS a ON a.shop_id = c.shop_id AND a.cart_id = c.id
 WHERE c.shop_id = %(shop_id)s AND c.contact_id = ANY(%(ids)s::uuid[]);
