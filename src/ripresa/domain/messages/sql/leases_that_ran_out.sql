-- Messages whose worker went silent. One that had not departed surely never left.
SELECT id, attempts, departed_at IS NOT NULL, origin_id
  FROM message
 WHERE shop_id = %(shop_id)s AND state = 'sending' AND lease_until < %(now)s
 ORDER BY lease_until
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED;
