-- Every due message of the people whose lock we hold, with the facts on which its hand-over is decided, in the
-- order in which they are decided (promise 4). One statement, so one look: an order is seen either as accepted
-- and not folded, or as folded. The outer CASE spares the keys of each person while no order waits at all.
-- OFFSET 0 makes every row a look-up by its key, and `state` is left unsaid (only planned rows are due) lest a
-- partial index over all of them is read: tables that were just filled have no statistics to tell better by.
-- What a message comes from is read by its kind: a new kind is one more arm of `r`, and costs the others nothing. What
-- was sent by hand follows no scenario, and is over only with its cart; a campaign's message may speak of no cart, and
-- then has its own id for one.
SELECT m.id, m.contact_id, coalesce(m.cart_id, m.id), m.origin_id, m.step, m.step_number, m.channel, m.template, m.planned_for, m.reason,
       m.tried_at, r.scenario_id, r.version_id, r.branch, r.state, r.reason, r.left_at, r.scenario_state,
       coalesce(c.state, ''), coalesce(c.left_at, m.planned_for), coalesce(c.is_test, false), w.address, p.timezone, p.address ->> 'country', p.phone, p.agent, p.locale,
       CASE m.channel WHEN 'sms' THEN p.consent_sms WHEN 'letter' THEN p.consent_letter ELSE p.consent_email END,
       EXISTS (SELECT 1 FROM suppression AS x
                WHERE x.shop_id = m.shop_id AND x.channel = m.channel AND x.address = w.address
                  AND (x.until IS NULL OR x.until > %(now)s)),
       (SELECT max(o.placed_at) FROM shop_order AS o
         WHERE o.shop_id = m.shop_id AND o.contact_id = m.contact_id AND o.placed_at IS NOT NULL
           AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
           AND NOT (o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor)),
       CASE WHEN EXISTS (SELECT 1 FROM pending_order_key AS a WHERE a.shop_id = %(shop_id)s)
            THEN EXISTS (SELECT 1 FROM pending_order_key AS w
                          WHERE w.shop_id = m.shop_id
                            AND w.key IN (SELECT k.key FROM contact_key AS k
                                           WHERE k.shop_id = m.shop_id AND k.contact_id = m.contact_id
                                           UNION ALL
                                          SELECT unnest(ARRAY['phone:' || p.phone, 'token:' || c.token,
                                                              'checkout:' || c.checkout_id,
                                                              'visitor:' || c.visitor_id, 'cart:' || c.id])
                                           UNION ALL
                                          SELECT v.key FROM visit_key AS v
                                           WHERE v.shop_id = m.shop_id AND v.visit = 'token:' || c.token
                                           UNION ALL
                                          SELECT v.visit FROM visit_key AS v JOIN contact_key AS k
                                              ON k.shop_id = v.shop_id AND k.key = v.key
                                           WHERE v.shop_id = m.shop_id AND k.contact_id = m.contact_id))
            ELSE false END,
       m.origin_kind, m.attempts > 0
  FROM unnest(%(contact_ids)s::uuid[]) AS y (id)
 CROSS JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND contact_id = y.id AND handed_over_at IS NULL
                        AND due_at <= %(now)s
                     OFFSET 0) AS m
  LEFT JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = m.cart_id OFFSET 0) AS c ON true
 CROSS JOIN LATERAL (SELECT o.scenario_id, o.version_id, o.branch, o.state, o.reason, o.left_at, s.state
                       FROM (SELECT * FROM recovery WHERE shop_id = %(shop_id)s AND id = m.origin_id OFFSET 0) AS o
                      CROSS JOIN LATERAL (SELECT * FROM scenario
                                           WHERE shop_id = %(shop_id)s AND id = o.scenario_id OFFSET 0) AS s
                      WHERE m.origin_kind = 'recovery'
                      UNION ALL
                     SELECT m.origin_id, m.origin_id, 'by_hand', 'active', NULL, c.left_at, 'live'
                      WHERE m.origin_kind = 'manual'
                      UNION ALL
                     SELECT k.id, k.id, k.about, CASE WHEN t.is_double THEN 'cancelled' ELSE 'active' END,
                            CASE WHEN t.is_double THEN 'superseded' END, coalesce(c.left_at, m.planned_for),
                            -- What the budget was used up for still leaves.
                            CASE WHEN k.paused_kind = 'budget' AND m.attempts > 0 THEN 'live' ELSE k.state END
                       FROM (SELECT * FROM campaign_recipient
                              WHERE shop_id = %(shop_id)s AND id = m.origin_id OFFSET 0) AS t
                      CROSS JOIN LATERAL (SELECT * FROM campaign
                                           WHERE shop_id = %(shop_id)s AND id = t.campaign_id OFFSET 0) AS k
                      WHERE m.origin_kind = 'campaign')
                    AS r (scenario_id, version_id, branch, state, reason, left_at, scenario_state)
 CROSS JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = m.contact_id OFFSET 0) AS p
 CROSS JOIN LATERAL (SELECT CASE m.channel WHEN 'email' THEN p.email WHEN 'sms' THEN p.phone
                                           WHEN 'letter' THEN p.address::text END AS address) AS w
 ORDER BY m.due_at, c.token COLLATE "C", m.step_number, m.channel, m.id;
