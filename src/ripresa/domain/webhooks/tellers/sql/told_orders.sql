-- Orders as they are told.
SELECT id, contact_id, currency, total_minor, refunded_minor, placed_at, cancelled_at, origin, is_test
  FROM shop_order
 WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
