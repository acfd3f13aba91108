-- How every shop stands: what waits and since when, by the work it is; what the last hour brought; who is stopped, quiet, or
-- kept waiting by something that was paused. Each figure from an index of its own, so that idle rows cost nothing.
SELECT s.slug, s.stopped_at IS NOT NULL,
       EXISTS (SELECT FROM capture_alarm AS a WHERE a.shop_id = s.id AND a.ended_at IS NULL),
       (SELECT count(*) FROM sender AS p WHERE p.shop_id = s.id AND p.paused_at IS NOT NULL),
       (SELECT count(*) FROM provider_account AS p WHERE p.shop_id = s.id AND p.is_active AND p.paused_at IS NOT NULL),
       (SELECT count(*) FROM scenario AS p WHERE p.shop_id = s.id AND p.state = 'paused'),
       (SELECT count(*) FROM cart AS c
         WHERE c.shop_id = s.id AND c.left_at >= %(since)s AND c.begun_at >= %(since)s AND NOT c.is_bot AND NOT c.is_test),
       (SELECT count(*) FROM shop_order AS o
         WHERE o.shop_id = s.id AND o.placed_at >= %(since)s AND o.placed_at <= %(now)s AND NOT o.is_test),
       events.due, events.oldest, carts.due, carts.oldest, recoveries.due, recoveries.oldest, messages.due, messages.oldest
  FROM shop AS s
 CROSS JOIN LATERAL (SELECT count(*), min(i.received_at) FROM inbox AS i
                      WHERE i.shop_id = s.id AND i.folded_at IS NULL) AS events (due, oldest)
 CROSS JOIN LATERAL (SELECT count(*), min(c.due_at) FROM cart AS c
                      WHERE c.shop_id = s.id AND c.due_at <= %(now)s) AS carts (due, oldest)
 CROSS JOIN LATERAL (SELECT count(*), min(r.due_at) FROM recovery AS r
                      WHERE r.shop_id = s.id AND r.state = 'waiting' AND r.due_at <= %(now)s) AS recoveries (due, oldest)
 CROSS JOIN LATERAL (SELECT count(*), min(m.due_at) FROM message AS m
                      WHERE m.shop_id = s.id AND m.state = 'planned' AND m.due_at <= %(now)s) AS messages (due, oldest)
 ORDER BY s.slug;
