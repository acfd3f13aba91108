-- The tokens of these names with a cart of their own; and those under which one of these carts went on, though they
-- may never have had any: a cart goes on within its source.
WITH standing AS (
    SELECT DISTINCT source, token FROM cart WHERE shop_id = %(shop_id)s AND token = ANY(%(tokens)s)
)
SELECT source, token FROM standing
UNION
SELECT s.source, substr(v.key, 7)
  FROM visit_key AS v CROSS JOIN (SELECT DISTINCT source FROM standing) AS s
 WHERE v.shop_id = %(shop_id)s AND v.visit = ANY(%(visits)s) AND v.key LIKE 'token:%%';
