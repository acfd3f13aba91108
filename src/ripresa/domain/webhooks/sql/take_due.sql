-- Lease up to %%(limit)s deliveries to one endpoint: of each subject only the first that waits. One that waits behind
-- another falls due with it, or in a moment: whoever settles the first brings it forward. A lease is nothing but a
-- later due_at, and attempts is the fencing token.
WITH looked AS (
    SELECT event_id, subject, position
      FROM webhook_delivery
     WHERE shop_id = %(shop_id)s::bigint AND endpoint_id = %(endpoint_id)s::uuid AND due_at <= %(now)s::timestamptz
     ORDER BY due_at, position
     LIMIT %(window)s
       FOR UPDATE SKIP LOCKED
), placed AS (
    SELECT looked.*, ahead.due_at AS ahead_due_at,
           row_number() OVER (PARTITION BY ahead.due_at IS NULL ORDER BY looked.position) AS place
      FROM looked
      LEFT JOIN LATERAL (SELECT d.due_at FROM webhook_delivery AS d
                          WHERE d.shop_id = %(shop_id)s::bigint AND d.endpoint_id = %(endpoint_id)s::uuid
                            AND d.subject = looked.subject AND d.due_at IS NOT NULL AND d.position < looked.position
                          ORDER BY d.position LIMIT 1) AS ahead ON true
), behind AS (
    UPDATE webhook_delivery AS d
       SET due_at = greatest(placed.ahead_due_at, %(now)s::timestamptz + interval '1 second')
      FROM placed
     WHERE d.shop_id = %(shop_id)s::bigint AND d.endpoint_id = %(endpoint_id)s::uuid AND d.event_id = placed.event_id
       AND placed.ahead_due_at IS NOT NULL
)
UPDATE webhook_delivery AS d
   SET due_at = %(lease_until)s::timestamptz, attempts = d.attempts + 1
  FROM placed
 WHERE d.shop_id = %(shop_id)s::bigint AND d.endpoint_id = %(endpoint_id)s::uuid AND d.event_id = placed.event_id
   AND placed.ahead_due_at IS NULL AND placed.place <= %(limit)s
RETURNING d.event_id, d.attempts;
