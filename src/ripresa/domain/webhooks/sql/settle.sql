-- Take outcomes down. A worker whose lease ran out finds another number of attempts: its outcome is only logged.
WITH outcome AS (
    SELECT * FROM unnest(%(event_ids)s::uuid[], %(attempts)s::smallint[], %(states)s::text[],
                         %(due_ats)s::timestamptz[])
               AS o (event_id, attempts, state, due_at)
)
UPDATE webhook_delivery AS d
   SET state = o.state, due_at = o.due_at,
       settled_at = CASE WHEN o.state <> 'waiting' THEN %(now)s::timestamptz END
  FROM outcome AS o
 WHERE d.shop_id = %(shop_id)s::bigint AND d.endpoint_id = %(endpoint_id)s::uuid AND d.event_id = o.event_id
   AND d.attempts = o.attempts AND d.due_at IS NOT NULL
RETURNING d.event_id, d.subject, d.state;
