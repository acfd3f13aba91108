-- Told again from the start, under the same id; what waits already keeps its place and its time.
INSERT INTO webhook_delivery AS d (shop_id, endpoint_id, event_id, subject, position, state, due_at, attempts)
SELECT e.shop_id, %(endpoint_id)s, e.id, e.subject, e.position, 'waiting', %(now)s, 0
  FROM webhook_event AS e
 WHERE e.shop_id = %(shop_id)s AND e.id = ANY(%(ids)s)
    ON CONFLICT (shop_id, endpoint_id, event_id) DO UPDATE
   SET state = 'waiting', due_at = EXCLUDED.due_at, attempts = 0, settled_at = NULL
 WHERE d.due_at IS NULL
RETURNING event_id;
