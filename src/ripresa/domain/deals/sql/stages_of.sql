-- The stage in which the open deal of each of these carts stands.
SELECT d.cart_id, s.key
  FROM deal AS d
  JOIN stage AS s ON s.shop_id = d.shop_id AND s.id = d.stage_id
 WHERE d.shop_id = %(shop_id)s AND d.cart_id = ANY(%(cart_ids)s::uuid[]) AND d.closed_at IS NULL;
