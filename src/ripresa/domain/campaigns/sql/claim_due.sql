-- The campaign of a shop that has waited longest for a look at its audience. A lease is nothing but a later due_at: if
-- the worker dies, it falls due again by itself; should two be at it after all, a person is added once.
UPDATE campaign AS k
   SET due_at = %(lease_until)s
 WHERE k.shop_id = %(shop_id)s
   AND k.id = (SELECT id FROM campaign
                WHERE shop_id = %(shop_id)s AND due_at <= %(now)s
                ORDER BY due_at, id
                LIMIT 1
                  FOR NO KEY UPDATE SKIP LOCKED)
RETURNING k.id, k.state, k.about, k.plan::text, k.condition::text, k.seen_to, k.is_exhausted;
