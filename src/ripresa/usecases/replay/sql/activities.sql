-- What happened to the tokens of some carts, and to those under which these went on.
WITH named AS (
    SELECT source, token FROM cart WHERE shop_id = %(shop_id)s AND id = ANY(%(cart_ids)s)
)
SELECT a.source, a.token, a.occurred_at, a.event_id, a.kind, a.payload
  FROM cart_activity AS a
 WHERE a.shop_id = %(shop_id)s
   AND (a.source, a.token) IN (SELECT source, token FROM named
                                UNION ALL
                               SELECT n.source, substr(v.key, 7)
                                 FROM named AS n JOIN visit_key AS v
                                   ON v.shop_id = %(shop_id)s AND v.visit = 'token:' || n.token
                                WHERE v.key LIKE 'token:%%')
 ORDER BY a.occurred_at, a.event_id;
