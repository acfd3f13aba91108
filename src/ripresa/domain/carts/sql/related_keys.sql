-- One step outwards from these keys: orders, people, carts and check-outs that share one of them.
WITH frontier AS (SELECT key FROM unnest(%(keys)s::text[]) AS key),
people AS (
    SELECT DISTINCT contact_id FROM contact_key
     WHERE shop_id = %(shop_id)s AND key IN (SELECT key FROM frontier))
SELECT other.key
  FROM order_key AS mine JOIN order_key AS other
    ON other.shop_id = mine.shop_id AND other.order_id = mine.order_id
 WHERE mine.shop_id = %(shop_id)s AND mine.key IN (SELECT key FROM frontier)
UNION
SELECT key FROM contact_key
 WHERE shop_id = %(shop_id)s AND contact_id IN (SELECT contact_id FROM people)
UNION
SELECT visit FROM visit_key
 WHERE shop_id = %(shop_id)s AND key IN (SELECT key FROM frontier) AND visit LIKE 'token:%%'
UNION
SELECT key FROM visit_key
 WHERE shop_id = %(shop_id)s AND visit IN (SELECT key FROM frontier)
UNION
-- Until somebody is named on a cart it belongs to whoever is known on its browser, and an order of that time
-- finds her: from the cart to her, and from her to the cart, whoever is named on it later.
SELECT v.key
  FROM cart AS c JOIN visit_key AS v ON v.shop_id = c.shop_id AND v.visit = 'visitor:' || c.visitor_id
 WHERE c.shop_id = %(shop_id)s AND c.token IN (SELECT substr(key, 7) FROM frontier WHERE key LIKE 'token:%%')
   AND NOT EXISTS (SELECT 1 FROM visit_key AS n
                    WHERE n.shop_id = c.shop_id AND n.visit = 'token:' || c.token AND n.earliest_at <= c.begun_at
                      AND n.key ~ '^(email|customer):')
UNION
SELECT 'token:' || c.token
  FROM visit_key AS v JOIN cart AS c ON c.shop_id = v.shop_id AND c.visitor_id = substr(v.visit, 9)
 WHERE v.shop_id = %(shop_id)s AND v.key IN (SELECT key FROM frontier) AND v.visit LIKE 'visitor:%%'
   AND NOT EXISTS (SELECT 1 FROM visit_key AS n
                    WHERE n.shop_id = c.shop_id AND n.visit = 'token:' || c.token AND n.earliest_at <= c.begun_at
                      AND n.key ~ '^(email|customer):')
UNION
SELECT 'token:' || token FROM cart
 WHERE shop_id = %(shop_id)s AND contact_id IN (SELECT contact_id FROM people)
UNION
SELECT 'token:' || token FROM cart
 WHERE shop_id = %(shop_id)s
   AND checkout_id IN (SELECT substr(key, 10) FROM frontier WHERE key LIKE 'checkout:%%')
UNION
SELECT 'checkout:' || checkout_id FROM cart
 WHERE shop_id = %(shop_id)s AND checkout_id IS NOT NULL
   AND token IN (SELECT substr(key, 7) FROM frontier WHERE key LIKE 'token:%%');
