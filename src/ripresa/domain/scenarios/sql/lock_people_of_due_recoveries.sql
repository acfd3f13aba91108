-- Lock the people whose recoveries are to be taken up. Those another worker holds are left to it.
SELECT p.id
  FROM recovery AS r
  JOIN contact AS p ON p.shop_id = r.shop_id AND p.id = r.contact_id
 WHERE r.shop_id = %(shop_id)s AND r.state = 'waiting' AND r.due_at <= %(now)s
 ORDER BY r.due_at
 LIMIT %(limit)s
   FOR NO KEY UPDATE OF p SKIP LOCKED;
