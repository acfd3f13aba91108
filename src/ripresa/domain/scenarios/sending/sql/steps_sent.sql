-- The steps that reached some people since an instant: when the first message of each was handed over, and
-- whether one of them is being sent at this moment. A notice reaches an agent: it has no such instant.
-- OFFSET 0: see due_messages.sql.
SELECT contact_id, origin_id, step_number, min(handed_over_at) FILTER (WHERE channel <> 'agent'),
       bool_or(state = 'sending'), bool_or(origin_kind <> 'recovery')
  FROM unnest(%(contact_ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND contact_id = x.id AND handed_over_at >= %(since)s
                     OFFSET 0) AS m
 GROUP BY contact_id, origin_id, step_number;
