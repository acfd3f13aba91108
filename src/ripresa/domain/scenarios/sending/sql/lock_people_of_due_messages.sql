-- Lock the people to whom something is due, the longest due first. The fold of an order takes the same lock
-- (promise 1). Those another worker holds are left to it; those in `passed` were looked at in this round.
-- OFFSET 0: see lock_people_of_due_carts.sql.
SELECT p.id
  FROM (SELECT contact_id, due_at FROM message
         WHERE shop_id = %(shop_id)s AND state = 'planned' AND due_at <= %(now)s
           AND contact_id <> ALL (%(passed)s::uuid[])
         ORDER BY due_at
        OFFSET 0) AS m
 CROSS JOIN LATERAL (SELECT id FROM contact WHERE shop_id = %(shop_id)s AND id = m.contact_id
                        FOR NO KEY UPDATE SKIP LOCKED) AS p
 ORDER BY m.due_at
 LIMIT %(limit)s;
