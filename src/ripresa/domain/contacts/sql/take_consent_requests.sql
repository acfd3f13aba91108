-- Take requests whose person still waits to confirm; the others are over. A lease is a later due time.
WITH due AS (
    SELECT r.id, r.key FROM consent_request AS r
     WHERE r.shop_id = %(shop_id)s AND r.due_at <= %(now)s AND r.key LIKE 'email:%%'
     ORDER BY r.due_at, r.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), waiting AS (
    SELECT d.id, d.key, c.id AS contact_id, c.locale,
           coalesce((SELECT q.text FROM consent_claim AS q
                      WHERE q.shop_id = %(shop_id)s AND q.key = d.key AND q.channel = 'email' AND q.state = 'pending'
                      ORDER BY q.latest_at DESC LIMIT 1), '') AS words
      FROM due AS d
      JOIN contact_key AS k ON k.shop_id = %(shop_id)s AND k.key = d.key
      JOIN contact AS c ON c.shop_id = k.shop_id AND c.id = k.contact_id AND c.consent_email = 'pending'
), over AS (
    UPDATE consent_request AS r SET due_at = NULL
     WHERE r.shop_id = %(shop_id)s AND r.id IN (SELECT id FROM due) AND r.id NOT IN (SELECT id FROM waiting)
)
UPDATE consent_request AS r SET due_at = %(lease_until)s, attempts = r.attempts + 1
  FROM waiting AS w
 WHERE r.shop_id = %(shop_id)s AND r.id = w.id
RETURNING r.id, w.contact_id, r.key, substr(r.key, 7), w.locale, w.words, r.attempts, r.requested_at;
