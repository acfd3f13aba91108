-- The second look (promise 1), after the commit that claimed and before the wire: what is still wanted departs,
-- its words and links on disk before anyone can have them. One statement, so one look: an order is seen either
-- as accepted and not folded, or as folded. Whatever changed since the claim keeps a message from departing: the
-- conditions are those of due_messages.sql and rules.decide_step, and a test holds the two together.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(attempts)s::smallint[], %(ordered_sinces)s::timestamptz[])
               AS w (id, attempts, ordered_since)
), gone AS (
    UPDATE message AS m
       SET departed_at = %(now)s, tried_at = coalesce(m.tried_at, %(now)s)
      FROM wanted AS w, recovery AS r, scenario AS s, cart AS c, contact AS p, sender AS q, shop AS z
     WHERE m.shop_id = %(shop_id)s AND m.id = w.id AND m.state = 'sending' AND m.attempts = w.attempts
       AND r.shop_id = m.shop_id AND r.id = m.origin_id AND r.state = 'active'
       AND s.shop_id = r.shop_id AND s.id = r.scenario_id AND s.state = 'live'
       AND c.shop_id = m.shop_id AND c.id = m.cart_id AND c.state = 'abandoned' AND c.left_at = r.left_at
       AND p.shop_id = m.shop_id AND p.id = m.contact_id AND p.email = m.to_address
       AND (p.consent_email = 'granted' OR m.rule <> 'consent' AND p.consent_email <> 'denied')
       AND q.shop_id = m.shop_id AND q.id = m.sender_id AND q.paused_at IS NULL
       AND z.id = m.shop_id AND z.stopped_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM suppression AS x
                        WHERE x.shop_id = m.shop_id AND x.channel = m.channel AND x.address = m.to_address)
       AND NOT EXISTS (SELECT 1 FROM shop_order AS o
                        WHERE o.shop_id = m.shop_id AND o.contact_id = m.contact_id AND o.placed_at > w.ordered_since
                          AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
                          AND NOT (o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor))
       AND CASE WHEN EXISTS (SELECT 1 FROM pending_order_key AS a WHERE a.shop_id = %(shop_id)s)
                THEN NOT EXISTS (SELECT 1 FROM pending_order_key AS k
                                  WHERE k.shop_id = m.shop_id
                                    AND k.key IN (SELECT y.key FROM contact_key AS y
                                                   WHERE y.shop_id = m.shop_id AND y.contact_id = m.contact_id
                                                   UNION ALL
                                                  SELECT unnest(ARRAY['phone:' || p.phone, 'token:' || c.token,
                                                                      'checkout:' || c.checkout_id,
                                                                      'visitor:' || c.visitor_id])
                                                   UNION ALL
                                                  SELECT v.key FROM visit_key AS v
                                                   WHERE v.shop_id = m.shop_id AND v.visit = 'token:' || c.token
                                                   UNION ALL
                                                  SELECT v.visit FROM visit_key AS v JOIN contact_key AS y
                                                      ON y.shop_id = v.shop_id AND y.key = v.key
                                                   WHERE v.shop_id = m.shop_id AND y.contact_id = m.contact_id))
                ELSE true END
 RETURNING m.id
), content AS (
    INSERT INTO message_content (shop_id, id, subject, html, text)
    SELECT %(shop_id)s, b.id, b.subject, b.html, b.text
      FROM unnest(%(content_ids)s::uuid[], %(subjects)s::text[], %(htmls)s::text[], %(texts)s::text[])
           AS b (id, subject, html, text)
      JOIN gone USING (id)
        ON CONFLICT (shop_id, id) DO NOTHING
), link AS (
    INSERT INTO message_link (shop_id, token_hash, purpose, message_id, expires_at)
    SELECT %(shop_id)s, l.token_hash, l.purpose, l.message_id, l.expires_at
      FROM unnest(%(link_hashes)s::bytea[], %(link_purposes)s::text[], %(link_message_ids)s::uuid[],
                  %(link_expiries)s::timestamptz[])
           AS l (token_hash, purpose, message_id, expires_at)
      JOIN gone ON gone.id = l.message_id
        ON CONFLICT (shop_id, token_hash) DO NOTHING
)
SELECT id FROM gone;
