-- Which shops have a connection whose webhooks are to be looked after.
SELECT DISTINCT shop_id FROM connection WHERE register_at <= %(now)s AND closed_at IS NULL ORDER BY shop_id;
