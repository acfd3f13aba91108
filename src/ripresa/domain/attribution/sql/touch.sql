-- A part of other statements: all that may have earned the orders of `sale` that count, in no order. A message counts once,
-- at its latest interaction before the end: the coupon it carried, used; else a human click, or the restore link followed;
-- else an open; of a letter its hand-over, unless it came back or was taken back. An agent's contact since the abandonment
-- counts however long before the order it was.
WITH coded AS (
    -- A code that several messages carried is the latest one's.
    SELECT DISTINCT ON (s.order_id) s.order_id, m.id
      FROM sale AS s
      JOIN message AS m ON m.shop_id = %(shop_id)s AND m.contact_id = s.contact_id AND m.handed_over_at <= s.ends
                       AND m.state IN ('sent', 'unknown') AND m.channel <> 'agent'
      JOIN coupon_issue AS i ON i.shop_id = m.shop_id AND i.origin_kind = m.origin_kind AND i.origin_id = m.origin_id
                            AND i.step = m.step
     WHERE s.counts AND s.discount_codes <> '{}'
       AND lower(i.code) IN (SELECT lower(used) FROM unnest(s.discount_codes) AS used)
     ORDER BY s.order_id, m.handed_over_at DESC, m.channel, m.id
)
SELECT r.order_id, r.id AS touch_id, t.kind, t.at, r.channel, r.id AS message_id, NULL::uuid AS agent_id, t.is_machine,
       r.minor, r.left_at
  FROM (SELECT s.order_id, s.minor, s.left_at, s.begins, s.ends, m.id, m.channel, m.handed_over_at,
               m.channel = 'letter' AND coalesce(m.delivery, '') NOT IN ('bounced', 'cancelled') AS is_posted,
               f.clicked_at, f.opened_at, f.machine_at, l.used_at,
               coalesce(f.clicked_at, l.used_at) IS NOT NULL AS is_clicked,
               -- A list to look into, never a join: nobody knows beforehand how long it is.
               s.discount_codes <> '{}' AND (s.order_id, m.id) IN (SELECT c.order_id, c.id FROM coded AS c) AS is_coded
          FROM sale AS s
          JOIN message AS m ON m.shop_id = %(shop_id)s AND m.contact_id = s.contact_id AND m.handed_over_at <= s.ends
                           AND m.state IN ('sent', 'unknown') AND m.channel <> 'agent'
         CROSS JOIN LATERAL (
               SELECT max(f.occurred_at) FILTER (WHERE f.kind = 'clicked' AND f.verdict = 'person') AS clicked_at,
                      max(f.occurred_at) FILTER (WHERE f.kind = 'opened' AND f.verdict = 'person') AS opened_at,
                      max(f.occurred_at) FILTER (WHERE f.kind = 'clicked' AND f.verdict = 'machine') AS machine_at
                 FROM message_feedback AS f
                WHERE f.shop_id = m.shop_id AND f.message_id = m.id AND f.occurred_at <= s.ends
                  AND f.kind IN ('clicked', 'opened')) AS f
         CROSS JOIN LATERAL (
               SELECT max(l.used_at) AS used_at FROM message_link AS l
                WHERE l.shop_id = m.shop_id AND l.message_id = m.id AND l.purpose = 'restore' AND l.used_at <= s.ends) AS l
         WHERE s.counts
        OFFSET 0) AS r
 CROSS JOIN LATERAL (
       SELECT CASE WHEN r.is_coded THEN 'coupon'
                   WHEN r.is_clicked THEN 'click'
                   WHEN r.is_posted THEN 'letter'
                   WHEN r.opened_at IS NOT NULL THEN 'open'
                   WHEN r.machine_at IS NOT NULL THEN 'click'
                   ELSE 'sent' END,
              CASE WHEN r.is_coded THEN r.ends
                   WHEN r.is_clicked THEN greatest(r.clicked_at, r.used_at)
                   WHEN r.is_posted THEN r.handed_over_at
                   ELSE coalesce(r.opened_at, r.machine_at, r.handed_over_at) END,
              NOT r.is_coded AND NOT r.is_clicked AND r.opened_at IS NULL AND NOT r.is_posted
                  AND r.machine_at IS NOT NULL) AS t (kind, at, is_machine)
 WHERE t.at >= r.begins
UNION ALL
SELECT s.order_id, a.id, 'agent', a.at, 'agent', NULL, d.agent_id, false, s.minor, s.left_at
  FROM sale AS s
  JOIN deal AS d ON d.shop_id = %(shop_id)s AND d.contact_id = s.contact_id
  JOIN deal_activity AS a ON a.shop_id = d.shop_id AND a.deal_id = d.id
 WHERE s.counts AND a.kind = 'called' AND a.at BETWEEN least(s.begins, s.left_at) AND s.ends
UNION ALL
SELECT s.order_id, t.id, t.kind, t.at, t.channel, NULL, NULL, t.is_machine, s.minor, s.left_at
  FROM sale AS s
  JOIN contact_key AS k ON k.shop_id = %(shop_id)s AND k.contact_id = s.contact_id
  JOIN touchpoint AS t ON t.shop_id = k.shop_id AND t.key = k.key AND t.at BETWEEN least(s.begins, s.left_at) AND s.ends
 WHERE s.counts AND t.order_external_id = '' AND (t.at >= s.begins OR t.kind = 'agent')
UNION ALL
SELECT s.order_id, t.id, t.kind, t.at, t.channel, NULL, NULL, t.is_machine, s.minor, s.left_at
  FROM sale AS s
  JOIN touchpoint AS t ON t.shop_id = %(shop_id)s AND t.order_external_id = s.external_id
                      AND t.at BETWEEN least(s.begins, s.left_at) AND s.ends
 WHERE s.counts AND s.external_id <> '' AND (t.at >= s.begins OR t.kind = 'agent')
