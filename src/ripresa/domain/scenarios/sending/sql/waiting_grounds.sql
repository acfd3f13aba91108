-- What waits for its time, the next first, with what the law asks about it: where she is, what she said, when she last
-- bought. A message by hand is looked at when it leaves.
SELECT m.contact_id, m.channel, m.due_at, m.step_number, p.address ->> 'country' AS country, p.phone,
       CASE m.channel WHEN 'sms' THEN p.consent_sms WHEN 'letter' THEN p.consent_letter ELSE p.consent_email END AS consent,
       (SELECT max(o.placed_at) FROM shop_order AS o
         WHERE o.shop_id = m.shop_id AND o.contact_id = m.contact_id AND o.placed_at IS NOT NULL
           AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
           AND NOT (o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor)) AS ordered_at,
       r.version_id, coalesce(r.branch, k.about) AS branch, k.id AS campaign_id,
       CASE WHEN r.id IS NOT NULL THEN r.left_at WHEN k.about = 'abandoned_cart' THEN c.left_at END AS left_at
  FROM message AS m
  JOIN contact AS p ON p.shop_id = m.shop_id AND p.id = m.contact_id
  LEFT JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id
  LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
  LEFT JOIN campaign_recipient AS t ON m.origin_kind = 'campaign' AND t.shop_id = m.shop_id AND t.id = m.origin_id
  LEFT JOIN campaign AS k ON k.shop_id = t.shop_id AND k.id = t.campaign_id
 WHERE m.shop_id = %(shop_id)s AND m.state = 'planned' AND m.due_at IS NOT NULL
   AND m.channel IN ('email', 'sms', 'letter') AND m.origin_kind <> 'manual'
 ORDER BY m.due_at
 LIMIT %(most)s;
