-- Messages whose worker went silent. One that had not departed surely never left.
SELECT id, attempts, departed_at IS NOT NULL, origin_kind, origin_id, step, step_number, channel, handed_over_at
  FROM message
 WHERE shop_id = %(shop_id)s AND state = 'sending' AND lease_until < %(now)s
 ORDER BY lease_until
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED;
