-- The carts on which these people's keys were named by a trusted event, with all such keys of each.
SELECT visit, array_agg(key ORDER BY key)
  FROM visit_key
 WHERE shop_id = %(shop_id)s AND trusted
   AND visit IN (SELECT visit FROM visit_key
                  WHERE shop_id = %(shop_id)s AND key = ANY(%(keys)s) AND visit LIKE 'token:%%')
 GROUP BY visit;
