-- Every message of some recoveries, whatever became of it.
SELECT m.origin_id, m.id, m.step, m.step_number, m.channel, m.state, m.handed_over_at
  FROM unnest(%(ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND origin_kind = 'recovery' AND origin_id = x.id OFFSET 0) AS m
 ORDER BY m.origin_id, m.step_number, m.channel;
