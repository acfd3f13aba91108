-- The next of each subject falls due at once. One that was tried before keeps its time.
UPDATE webhook_delivery AS d
   SET due_at = %(now)s::timestamptz
  FROM unnest(%(subjects)s::uuid[]) AS s (subject)
 CROSS JOIN LATERAL (SELECT w.event_id FROM webhook_delivery AS w
                      WHERE w.shop_id = %(shop_id)s::bigint AND w.endpoint_id = %(endpoint_id)s::uuid AND w.subject = s.subject
                        AND w.due_at IS NOT NULL
                      ORDER BY w.position LIMIT 1) AS first
 WHERE d.shop_id = %(shop_id)s::bigint AND d.endpoint_id = %(endpoint_id)s::uuid AND d.event_id = first.event_id
   AND d.attempts = 0;
