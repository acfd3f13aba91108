-- Lock the people behind carts whose instant has come. Those another worker holds are left to it.
-- OFFSET 0 and the lock inside leave but one way: down the index of what is due, and each person by her key. A merge
-- with all that lies idle looks cheap to who has only estimates.
SELECT p.id
  FROM (SELECT contact_id, due_at FROM cart
         WHERE shop_id = %(shop_id)s AND due_at <= %(now)s
         ORDER BY due_at
        OFFSET 0) AS c
 CROSS JOIN LATERAL (SELECT id FROM contact WHERE shop_id = %(shop_id)s AND id = c.contact_id
                        FOR NO KEY UPDATE SKIP LOCKED) AS p
 ORDER BY c.due_at
 LIMIT %(limit)s;
