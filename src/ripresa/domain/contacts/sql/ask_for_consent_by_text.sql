-- As ask_for_consent, by a short message to the number of whoever is behind these keys. The same number once.
INSERT INTO consent_request AS r (shop_id, id, key, requested_at, due_at, attempts)
SELECT DISTINCT ON (c.phone) %(shop_id)s, w.id, 'phone:' || c.phone, %(now)s, %(now)s, 0
  FROM unnest(%(keys)s::text[], %(ids)s::uuid[]) AS w (key, id)
  JOIN contact_key AS k ON k.shop_id = %(shop_id)s AND k.key = w.key
  JOIN contact AS c ON c.shop_id = k.shop_id AND c.id = k.contact_id
 WHERE c.consent_sms = 'pending' AND c.phone IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM suppression AS x
                    WHERE x.shop_id = c.shop_id AND x.channel = 'sms' AND x.address = c.phone)
 ORDER BY c.phone, w.id
    ON CONFLICT (shop_id, key) DO UPDATE
   SET due_at = EXCLUDED.due_at, requested_at = EXCLUDED.requested_at, attempts = 0
 WHERE r.due_at IS NULL AND coalesce(r.sent_at, r.requested_at) < %(again_before)s;
