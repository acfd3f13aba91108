-- The notices of some recoveries that may still have to leave, or are leaving, as they are at this moment.
SELECT m.origin_id, m.step_number, m.state, m.due_at
  FROM unnest(%(origin_ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND origin_kind = 'recovery' AND origin_id = x.id OFFSET 0) AS m
 WHERE m.channel = 'agent' AND m.state IN ('planned', 'sending');
