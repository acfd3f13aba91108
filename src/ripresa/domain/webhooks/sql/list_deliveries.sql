-- Deliveries, the latest event first, each with its latest call.
SELECT d.event_id, e.type, e.happened_at, d.state, d.due_at, d.attempts, d.settled_at, a.status, a.problem, a.milliseconds
  FROM webhook_delivery AS d
  JOIN webhook_event AS e ON e.shop_id = d.shop_id AND e.id = d.event_id
  LEFT JOIN LATERAL (SELECT * FROM webhook_attempt AS a
                      WHERE a.shop_id = d.shop_id AND a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id
                      ORDER BY a.at DESC, a.id DESC LIMIT 1) AS a ON true
 WHERE d.shop_id = %(shop_id)s AND d.endpoint_id = %(endpoint_id)s
   AND (%(state)s::text IS NULL OR d.state = %(state)s::text)
   AND (%(before)s::uuid IS NULL OR d.event_id < %(before)s::uuid)
 ORDER BY d.event_id DESC
 LIMIT %(limit)s;
