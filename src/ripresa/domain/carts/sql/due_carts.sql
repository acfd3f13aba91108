-- The due carts of people whose lock we hold; a cart without a person has nobody to lock. The person is asked in a way
-- that no index answers: carts without one lie there by the million, and only the few that are due are to be read.
SELECT c.id, c.state, c.kind, c.left_at, c.due_at, c.reachable_at, c.contact_id, c.newest_event,
       EXISTS (SELECT 1 FROM cart_watermark AS w
                WHERE w.shop_id = %(shop_id)s AND w.source = c.source AND w.token = c.token AND c.due_at < w.until)
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.due_at <= %(now)s
   AND coalesce(c.contact_id = ANY(%(contact_ids)s::uuid[]), true)
 ORDER BY c.due_at, c.token, c.id
 LIMIT %(limit)s
   FOR NO KEY UPDATE SKIP LOCKED;
