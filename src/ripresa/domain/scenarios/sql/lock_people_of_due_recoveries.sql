-- Lock the people whose recoveries are to be taken up. Those another worker holds are left to it.
-- OFFSET 0: see lock_people_of_due_carts.sql.
SELECT p.id
  FROM (SELECT contact_id, due_at FROM recovery
         WHERE shop_id = %(shop_id)s AND state = 'waiting' AND due_at <= %(now)s
         ORDER BY due_at
        OFFSET 0) AS r
 CROSS JOIN LATERAL (SELECT id FROM contact WHERE shop_id = %(shop_id)s AND id = r.contact_id
                        FOR NO KEY UPDATE SKIP LOCKED) AS p
 ORDER BY r.due_at
 LIMIT %(limit)s;
