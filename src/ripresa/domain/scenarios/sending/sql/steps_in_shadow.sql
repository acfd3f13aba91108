-- The steps that would have reached some people since an instant, had the shop not been in shadow mode: caps and gaps
-- are decided as if they had.
SELECT contact_id, origin_id, step_number, min(settled_at), bool_or(origin_kind <> 'recovery')
  FROM unnest(%(contact_ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND contact_id = x.id AND reason = 'shadow' AND channel <> 'agent'
                        AND settled_at >= %(since)s
                     OFFSET 0) AS m
 GROUP BY contact_id, origin_id, step_number;
