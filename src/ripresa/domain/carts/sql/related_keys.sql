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
-- Carts known by their browser alone lead to whoever is known on it.
SELECT v.key FROM visit_key AS v
 WHERE v.shop_id = %(shop_id)s
   AND v.visit IN (SELECT 'visitor:' || visitor_id FROM cart
                    WHERE shop_id = %(shop_id)s AND known_by IN ('nobody', 'visitor')
                      AND token IN (SELECT substr(key, 7) FROM frontier WHERE key LIKE 'token:%%'))
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
