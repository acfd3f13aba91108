-- Endpoints with something to hear, whoever has waited longest first.
SELECT e.shop_id, e.id
  FROM webhook_endpoint AS e
 CROSS JOIN LATERAL (SELECT d.due_at FROM webhook_delivery AS d
                      WHERE d.shop_id = e.shop_id AND d.endpoint_id = e.id AND d.due_at <= %(now)s
                      ORDER BY d.due_at LIMIT 1) AS oldest
 WHERE e.state = 'on' AND (e.rests_until IS NULL OR e.rests_until <= %(now)s)
 ORDER BY oldest.due_at;
