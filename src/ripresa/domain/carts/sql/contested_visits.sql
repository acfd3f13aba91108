-- Carts on which more than one person was seen: who holds them depends on who was there last. So it may with carts
-- that went on under other tokens, where others were seen.
SELECT v.visit
  FROM visit_key AS v JOIN contact_key AS k ON k.shop_id = v.shop_id AND k.key = v.key
 WHERE v.shop_id = %(shop_id)s AND v.visit = ANY(%(visits)s)
 GROUP BY v.visit
HAVING count(DISTINCT k.contact_id) > 1
UNION
SELECT key FROM visit_key
 WHERE shop_id = %(shop_id)s AND key = ANY(%(visits)s) AND visit LIKE 'token:%%'
UNION
SELECT visit FROM visit_key
 WHERE shop_id = %(shop_id)s AND visit = ANY(%(visits)s) AND key LIKE 'token:%%';
