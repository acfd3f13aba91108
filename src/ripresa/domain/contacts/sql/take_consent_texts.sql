-- As take_consent_requests, of those that are asked by a short message.
WITH due AS (
    SELECT r.id, r.key FROM consent_request AS r
     WHERE r.shop_id = %(shop_id)s AND r.due_at <= %(now)s AND r.key LIKE 'phone:%%'
     ORDER BY r.due_at, r.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), waiting AS (
    SELECT DISTINCT ON (d.id) d.id, c.id AS contact_id, c.locale
      FROM due AS d
      JOIN contact AS c ON c.shop_id = %(shop_id)s AND c.phone = substr(d.key, 7) AND c.consent_sms = 'pending'
     WHERE NOT EXISTS (SELECT 1 FROM suppression AS x
                        WHERE x.shop_id = c.shop_id AND x.channel = 'sms' AND x.address = c.phone)
     ORDER BY d.id, c.id
), over AS (
    UPDATE consent_request AS r SET due_at = NULL
     WHERE r.shop_id = %(shop_id)s AND r.id IN (SELECT id FROM due) AND r.id NOT IN (SELECT id FROM waiting)
)
UPDATE consent_request AS r SET due_at = %(lease_until)s, attempts = r.attempts + 1
  FROM waiting AS w
 WHERE r.shop_id = %(shop_id)s AND r.id = w.id
RETURNING r.id, w.contact_id, r.key, substr(r.key, 7), w.locale, '', r.attempts, r.requested_at;
