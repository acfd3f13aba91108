-- Lock the people to whom something is due, the longest due first. The fold of an order takes the same lock
-- (promise 1). Those another worker holds are left to it; those in `passed` were looked at in this round.
SELECT p.id
  FROM message AS m
  JOIN contact AS p ON p.shop_id = m.shop_id AND p.id = m.contact_id
 WHERE m.shop_id = %(shop_id)s AND m.state = 'planned' AND m.due_at <= %(now)s
   AND m.contact_id <> ALL (%(passed)s::uuid[])
 ORDER BY m.due_at
 LIMIT %(limit)s
   FOR NO KEY UPDATE OF p SKIP LOCKED;
