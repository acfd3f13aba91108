-- Lock what the steps of some messages hold of codes. Two workers may end two messages of one step at one moment: the second
-- waits here, and what it counts after that (steps_that_never_left.sql) is what the first has left.
SELECT i.id
  FROM unnest(%(ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message WHERE shop_id = %(shop_id)s AND id = x.id OFFSET 0) AS m
 CROSS JOIN LATERAL (SELECT id FROM coupon_issue
                      WHERE shop_id = %(shop_id)s AND origin_kind = m.origin_kind AND origin_id = m.origin_id
                        AND step = m.step AND sent_at IS NULL
                     OFFSET 0) AS found
  JOIN coupon_issue AS i ON i.shop_id = %(shop_id)s AND i.id = found.id
 ORDER BY i.id
   FOR UPDATE OF i;
