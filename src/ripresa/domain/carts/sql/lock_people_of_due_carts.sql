-- Lock the people behind carts whose instant has come. Those another worker holds are left to it.
SELECT p.id
  FROM cart AS c
  JOIN contact AS p ON p.shop_id = c.shop_id AND p.id = c.contact_id
 WHERE c.shop_id = %(shop_id)s AND c.due_at <= %(now)s
 ORDER BY c.due_at
 LIMIT %(limit)s
   FOR NO KEY UPDATE OF p SKIP LOCKED;
