-- All that may have earned these orders, in no order. A message counts once, at its latest interaction before the
-- end: the coupon it carried, used; else a human click, or the restore link followed; else an open.
WITH sale AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(begins)s::timestamptz[], %(ends)s::timestamptz[],
                         %(external_ids)s::text[], %(since)s::timestamptz[])
               AS s (order_id, contact_id, begins, ends, external_id, since)
), reached AS (
    SELECT s.order_id, s.ends, m.id, m.channel, m.handed_over_at,
           f.clicked_at, f.opened_at, f.machine_at, l.used_at,
           i.code IS NOT NULL
               AND lower(i.code) IN (SELECT lower(used) FROM unnest(o.discount_codes) AS used) AS has_code
      FROM sale AS s
      JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.id = s.order_id
      JOIN message AS m ON m.shop_id = %(shop_id)s AND m.contact_id = s.contact_id AND m.handed_over_at <= s.ends
                       AND m.state IN ('sent', 'unknown') AND m.channel <> 'agent'
      LEFT JOIN coupon_issue AS i ON i.shop_id = m.shop_id AND i.origin_kind = m.origin_kind
                                 AND i.origin_id = m.origin_id AND i.step = m.step
      LEFT JOIN LATERAL (
           SELECT max(f.occurred_at) FILTER (WHERE f.kind = 'clicked' AND f.verdict = 'person') AS clicked_at,
                  max(f.occurred_at) FILTER (WHERE f.kind = 'opened' AND f.verdict = 'person') AS opened_at,
                  max(f.occurred_at) FILTER (WHERE f.kind = 'clicked' AND f.verdict = 'machine') AS machine_at
             FROM message_feedback AS f
            WHERE f.shop_id = m.shop_id AND f.message_id = m.id AND f.occurred_at <= s.ends
              AND f.kind IN ('clicked', 'opened')) AS f ON true
      LEFT JOIN LATERAL (
           SELECT max(l.used_at) AS used_at FROM message_link AS l
            WHERE l.shop_id = m.shop_id AND l.message_id = m.id AND l.purpose = 'restore' AND l.used_at <= s.ends) AS l ON true
), coded AS (
    -- A code that several messages carried is the latest one's.
    SELECT DISTINCT ON (order_id) order_id, id FROM reached WHERE has_code
     ORDER BY order_id, handed_over_at DESC, channel, id
)
SELECT r.order_id, r.id, t.kind, t.at, r.channel, r.id, NULL::uuid, t.is_machine
  FROM reached AS r
  LEFT JOIN coded AS c ON c.order_id = r.order_id AND c.id = r.id
 CROSS JOIN LATERAL (
       SELECT CASE WHEN c.id IS NOT NULL THEN 'coupon'
                   WHEN coalesce(r.clicked_at, r.used_at) IS NOT NULL THEN 'click'
                   WHEN r.channel = 'letter' THEN 'letter'
                   WHEN r.opened_at IS NOT NULL THEN 'open'
                   WHEN r.machine_at IS NOT NULL THEN 'click'
                   ELSE 'sent' END,
              CASE WHEN c.id IS NOT NULL THEN r.ends
                   WHEN coalesce(r.clicked_at, r.used_at) IS NOT NULL THEN greatest(r.clicked_at, r.used_at)
                   WHEN r.channel = 'letter' THEN r.handed_over_at
                   ELSE coalesce(r.opened_at, r.machine_at, r.handed_over_at) END,
              c.id IS NULL AND coalesce(r.clicked_at, r.used_at, r.opened_at) IS NULL AND r.channel <> 'letter'
                  AND r.machine_at IS NOT NULL) AS t (kind, at, is_machine)
 WHERE t.at >= r.ends - %(window)s::interval
UNION ALL
SELECT s.order_id, a.id, 'agent', a.at, 'agent', NULL, d.agent_id, false
  FROM sale AS s
  JOIN deal AS d ON d.shop_id = %(shop_id)s AND d.contact_id = s.contact_id
  JOIN deal_activity AS a ON a.shop_id = d.shop_id AND a.deal_id = d.id
 WHERE a.kind = 'called' AND a.at BETWEEN s.since AND s.ends
UNION ALL
SELECT s.order_id, t.id, t.kind, t.at, t.channel, NULL, NULL, t.is_machine
  FROM sale AS s
  JOIN contact_key AS k ON k.shop_id = %(shop_id)s AND k.contact_id = s.contact_id
  JOIN touchpoint AS t ON t.shop_id = k.shop_id AND t.key = k.key AND t.at BETWEEN s.since AND s.ends
 WHERE t.order_external_id = '' AND (t.at >= s.begins OR t.kind = 'agent')
UNION ALL
SELECT s.order_id, t.id, t.kind, t.at, t.channel, NULL, NULL, t.is_machine
  FROM sale AS s
  JOIN touchpoint AS t ON t.shop_id = %(shop_id)s AND t.order_external_id = s.external_id
                      AND t.at BETWEEN s.since AND s.ends
 WHERE s.external_id <> '' AND (t.at >= s.begins OR t.kind = 'agent');
