-- Every due message of the people whose lock we hold, with the facts on which its hand-over is decided, in the
-- order in which they are decided (promise 4). One statement, so one look: an order is seen either as accepted
-- and not folded, or as folded. The outer CASE spares the keys of each person while no order waits at all.
SELECT m.id, m.contact_id, m.origin_id, m.step, m.step_number, m.channel, m.template, m.planned_for, m.reason, m.tried_at,
       r.version_id, r.state, r.reason, r.left_at, s.state, c.state, c.left_at, c.is_test,
       p.email, p.timezone, p.address ->> 'country', p.phone, p.agent, p.consent_email,
       EXISTS (SELECT 1 FROM suppression AS x
                WHERE x.shop_id = m.shop_id AND x.channel = m.channel AND x.address = p.email),
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
                                                              'visitor:' || c.visitor_id])
                                           UNION ALL
                                          SELECT v.key FROM visit_key AS v
                                           WHERE v.shop_id = m.shop_id AND v.visit = 'token:' || c.token
                                           UNION ALL
                                          SELECT v.visit FROM visit_key AS v JOIN contact_key AS k
                                              ON k.shop_id = v.shop_id AND k.key = v.key
                                           WHERE v.shop_id = m.shop_id AND k.contact_id = m.contact_id))
            ELSE false END
  FROM message AS m
  JOIN recovery AS r ON r.shop_id = m.shop_id AND r.id = m.origin_id
  JOIN scenario AS s ON s.shop_id = m.shop_id AND s.id = r.scenario_id
  JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id
  JOIN contact AS p ON p.shop_id = m.shop_id AND p.id = m.contact_id
 WHERE m.shop_id = %(shop_id)s AND m.contact_id = ANY(%(contact_ids)s) AND m.state = 'planned'
   AND m.handed_over_at IS NULL AND m.due_at <= %(now)s AND m.origin_kind = 'recovery'
 ORDER BY m.due_at, c.token COLLATE "C", m.step_number, m.channel, m.id;
