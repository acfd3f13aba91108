-- What waits and what was given up. An event's id begins with its instant, but its own column says it plainly.
SELECT count(*) FILTER (WHERE d.state = 'waiting'), min(e.happened_at) FILTER (WHERE d.state = 'waiting'),
       count(*) FILTER (WHERE d.state = 'given_up')
  FROM webhook_delivery AS d
  JOIN webhook_event AS e ON e.shop_id = d.shop_id AND e.id = d.event_id
 WHERE d.shop_id = %(shop_id)s AND d.endpoint_id = %(endpoint_id)s AND d.state <> 'delivered';
