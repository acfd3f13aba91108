-- The people on these carts whom trusted events may join or part: two of them on one cart; or one of whom more keys
-- than the two that join were named, so that the third undoes the joining of the first two.
SELECT DISTINCT unnest(array_agg(k.contact_id))
  FROM visit_key AS v JOIN contact_key AS k ON k.shop_id = v.shop_id AND k.key = v.key
 WHERE v.shop_id = %(shop_id)s AND v.visit = ANY(%(visits)s) AND v.trusted AND v.key LIKE ANY(%(strong)s::text[])
 GROUP BY v.visit
HAVING count(DISTINCT k.contact_id) > 1 OR count(*) > 2;
