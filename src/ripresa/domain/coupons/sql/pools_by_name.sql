-- The pools of some names; of those whose codes the shop makes, why it makes none, whether that
-- will pass, and for how long they are good.
SELECT p.name, p.id, p.code, p.expires_at, m.trouble, m.is_refused, m.valid_for
  FROM coupon_pool AS p
  LEFT JOIN coupon_mint AS m ON m.shop_id = p.shop_id AND m.pool_id = p.id
 WHERE p.shop_id = %(shop_id)s AND p.name = ANY(%(names)s::text[]);
