-- The second look (promise 1), after the commit that claimed and before the wire: what is still wanted departs,
-- its words and links on disk before anyone can have them. One statement, so one look: an order is seen either
-- as accepted and not folded, or as folded. Whatever changed since the claim keeps a message from departing: the
-- conditions are those of due_messages.sql and sending.rules.decide_step, and a test holds the two together. Consent
-- must be given, or what it was; so must the deal, where the scenario listens to the agent (deals_seen.sql).
-- OFFSET 0: see due_messages.sql. A lease stands exactly while a message is being sent.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(attempts)s::smallint[], %(titles)s::text[],
                         %(ordered_sinces)s::timestamptz[], %(addresses)s::text[], %(consents)s::text[],
                         %(deals)s::text[])
               AS w (id, attempts, subject, ordered_since, address, consent, deal)
), kept AS MATERIALIZED (
    SELECT w.id, w.attempts, w.subject
      FROM wanted AS w
     CROSS JOIN LATERAL (SELECT * FROM message WHERE shop_id = %(shop_id)s AND id = w.id OFFSET 0) AS m
      LEFT JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = m.cart_id OFFSET 0) AS c ON true
     CROSS JOIN LATERAL (SELECT 1
                           FROM (SELECT * FROM recovery WHERE shop_id = %(shop_id)s AND id = m.origin_id OFFSET 0) AS o
                          CROSS JOIN LATERAL (SELECT * FROM scenario
                                               WHERE shop_id = %(shop_id)s AND id = o.scenario_id OFFSET 0) AS s
                          WHERE m.origin_kind = 'recovery' AND o.state = 'active' AND s.state = 'live'
                            AND c.state = 'abandoned' AND c.left_at <= o.left_at
                          UNION ALL
                         SELECT 1
                          WHERE m.origin_kind = 'manual' AND c.state IN ('open', 'abandoned', 'expired')
                          UNION ALL
                         SELECT 1
                           FROM (SELECT * FROM campaign_recipient
                                  WHERE shop_id = %(shop_id)s AND id = m.origin_id OFFSET 0) AS t
                          CROSS JOIN LATERAL (SELECT * FROM campaign
                                               WHERE shop_id = %(shop_id)s AND id = t.campaign_id OFFSET 0) AS k
                          WHERE m.origin_kind = 'campaign' AND NOT t.is_double
                            -- What the budget was just used up for still leaves.
                            AND (k.state = 'live' OR (k.state = 'paused' AND k.paused_kind = 'budget'))
                            AND CASE k.about WHEN 'abandoned_cart' THEN c.state IN ('abandoned', 'expired')
                                             WHEN 'thank_you' THEN c.state = 'recovered' ELSE true END) AS r
     CROSS JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = m.contact_id OFFSET 0) AS p
      LEFT JOIN LATERAL (SELECT * FROM sender WHERE shop_id = %(shop_id)s AND id = m.sender_id OFFSET 0) AS q ON true
     WHERE CASE m.channel WHEN 'email' THEN p.email = w.address AND p.consent_email IN ('granted', w.consent)
                          WHEN 'sms' THEN p.phone = w.address AND p.consent_sms IN ('granted', w.consent)
                          WHEN 'letter' THEN p.address::text = w.address AND p.consent_letter IN ('granted', w.consent)
                          ELSE true END
       AND (w.deal IS NULL
            OR w.deal = coalesce((SELECT md5(ROW (d.id, d.stage_id, d.contacted_at, d.replied_at, d.snoozed_until,
                                                  d.taken_over_by, d.closed_at)::text)
                                    FROM deal AS d
                                   WHERE d.shop_id = m.shop_id AND d.cart_id = m.cart_id
                                   ORDER BY d.opened_at DESC, d.id DESC LIMIT 1), ''))
       AND q.paused_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM provider_account AS t
                        WHERE t.shop_id = %(shop_id)s AND t.is_active AND t.paused_at IS NOT NULL
                          AND t.kind = CASE m.channel WHEN 'agent' THEN 'email' ELSE m.channel END)
       AND NOT EXISTS (SELECT 1 FROM shop AS z
                        WHERE z.id = %(shop_id)s AND (z.stopped_at IS NOT NULL OR z.shadow_since IS NOT NULL))
       AND NOT EXISTS (SELECT 1 FROM install AS i WHERE i.stopped_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM suppression AS x
                        WHERE x.shop_id = m.shop_id AND x.channel = m.channel AND x.address = w.address
                  AND (x.until IS NULL OR x.until > %(now)s))
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
                                                                      'visitor:' || c.visitor_id, 'cart:' || c.id])
                                                   UNION ALL
                                                  SELECT v.key FROM visit_key AS v
                                                   WHERE v.shop_id = m.shop_id AND v.visit = 'token:' || c.token
                                                   UNION ALL
                                                  SELECT v.visit FROM visit_key AS v JOIN contact_key AS y
                                                      ON y.shop_id = v.shop_id AND y.key = v.key
                                                   WHERE v.shop_id = m.shop_id AND y.contact_id = m.contact_id))
                ELSE true END
), gone AS (
    UPDATE message AS m
       SET departed_at = %(now)s, tried_at = coalesce(m.tried_at, %(now)s), subject = k.subject,
           account_id = %(account_id)s::uuid
      FROM kept AS k
     WHERE m.shop_id = %(shop_id)s AND m.id = k.id AND m.attempts = k.attempts AND m.lease_until IS NOT NULL
 RETURNING m.id
), content AS (
    INSERT INTO message_content (shop_id, id, subject, words, source_id, urls)
    SELECT %(shop_id)s, b.id, b.subject, b.words, b.source_id, b.urls::jsonb
      FROM unnest(%(content_ids)s::uuid[], %(subjects)s::text[], %(words)s::bytea[], %(source_ids)s::uuid[],
                  %(urls)s::text[])
           AS b (id, subject, words, source_id, urls)
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
