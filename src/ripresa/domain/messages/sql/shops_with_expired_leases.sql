-- Which shops have messages whose worker went silent. Few are being sent at a time, so this index is small.
SELECT DISTINCT shop_id FROM message WHERE state = 'sending' AND lease_until < %(now)s ORDER BY shop_id;
