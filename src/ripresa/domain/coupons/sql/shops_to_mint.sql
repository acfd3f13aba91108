-- Which shops have a pool whose codes are to be looked after.
SELECT DISTINCT shop_id FROM coupon_mint WHERE due_at <= %(now)s ORDER BY shop_id;
