-- Which shops have a connection that is to be asked.
SELECT DISTINCT shop_id FROM connection WHERE ask_at <= %(now)s ORDER BY shop_id;
