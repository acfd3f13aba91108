-- Every cart with its abandonments, as lines of carts.jsonl.
SELECT c.token, c.generation, COALESCE(k.email, k.phone, k.customer_id), c.state,
       COALESCE((SELECT array_agg(a.abandoned_at ORDER BY a.abandoned_at) FROM abandonment AS a
                  WHERE a.shop_id = c.shop_id AND a.cart_id = c.id), '{}'),
       CASE WHEN c.state = 'recovered' THEN c.ended_at END,
       CASE WHEN c.state IN ('recovered', 'ordered', 'closed') THEN o.external_id END,
       CASE WHEN c.state = 'recovered' THEN c.cause END
  FROM cart AS c
  LEFT JOIN contact AS k ON k.shop_id = c.shop_id AND k.id = c.contact_id
  LEFT JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.id = c.order_id
 WHERE c.shop_id = %(shop_id)s
 ORDER BY c.token COLLATE "C", c.generation, c.source COLLATE "C";
