-- Of some carts those about whose last activity she was written to when it stood in an earlier generation: an order that
-- was told late has parted them since. What an agent was told is no reminder of hers.
SELECT c.id
  FROM unnest(%(cart_ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = x.id AND generation > 1 OFFSET 0) AS c
 WHERE EXISTS (SELECT FROM cart AS e
                 JOIN recovery AS r ON r.shop_id = e.shop_id AND r.cart_id = e.id AND r.left_at = c.left_at
                 JOIN message AS m ON m.shop_id = r.shop_id AND m.origin_kind = 'recovery' AND m.origin_id = r.id
                WHERE e.shop_id = %(shop_id)s AND e.source = c.source AND e.token = c.token
                  AND e.generation < c.generation
                  AND m.channel <> 'agent' AND m.state IN ('sending', 'sent', 'unknown'));
