-- The carts that were active since an instant, crawlers and test carts left out.
SELECT id FROM cart
 WHERE shop_id = %(shop_id)s AND left_at >= %(since)s AND NOT is_bot AND NOT is_test
 ORDER BY id;
