-- Carts as they are told, but for those of robots and tests.
SELECT id, contact_id, state, kind, currency, total_minor, item_count, left_at, abandoned_at, ended_at, order_id
  FROM cart
 WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s) AND NOT is_bot AND NOT is_test
 ORDER BY id;
