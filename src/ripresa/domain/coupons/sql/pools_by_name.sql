-- The pools of some names.
SELECT name, id, code, expires_at FROM coupon_pool WHERE shop_id = %(shop_id)s AND name = ANY(%(names)s::text[]);
