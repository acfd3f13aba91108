-- What waits for its time, the next first, with what its hours hang on. A message by hand has neither a version nor a
-- campaign: its own plan says whether hours hold it at all.
SELECT m.channel, m.due_at, m.planned_for, m.reason, p.timezone, p.address ->> 'country', p.phone, r.version_id, t.campaign_id
  FROM message AS m
  JOIN contact AS p ON p.shop_id = m.shop_id AND p.id = m.contact_id
  LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
  LEFT JOIN campaign_recipient AS t ON m.origin_kind = 'campaign' AND t.shop_id = m.shop_id AND t.id = m.origin_id
 WHERE m.shop_id = %(shop_id)s AND m.state = 'planned' AND m.due_at IS NOT NULL
   AND m.channel IN ('email', 'sms', 'letter') AND m.origin_kind <> 'manual'
 ORDER BY m.due_at
 LIMIT %(most)s;
