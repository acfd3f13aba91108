-- The open deal of each of these carts.
SELECT d.id, d.cart_id, d.agent_id, s.key, s.position, a.email, a.name
  FROM deal AS d
  JOIN stage AS s ON s.shop_id = d.shop_id AND s.id = d.stage_id
  LEFT JOIN agent AS a ON a.shop_id = d.shop_id AND a.id = d.agent_id
 WHERE d.shop_id = %(shop_id)s AND d.cart_id = ANY(%(cart_ids)s::uuid[]) AND d.closed_at IS NULL
 ORDER BY d.id
   FOR UPDATE OF d;
