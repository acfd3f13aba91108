-- The lot of each person in each scenario: of those her keys have drawn, the earliest. NULL: none yet, and then
-- `person` is drawn under `key`, unless the scenario has written to her: a lot is drawn before the first message.
-- OFFSET 0: see due_messages.sql.
SELECT x.scenario_id, x.contact_id, coalesce(p.email, p.phone, p.customer_id),
       coalesce('email:' || p.email, 'customer:' || p.customer_id, 'phone:' || p.phone),
       (SELECT h.is_held_out
          FROM contact_key AS k
          JOIN holdout_assignment AS h ON h.shop_id = k.shop_id AND h.scenario_id = x.scenario_id AND h.key = k.key
         WHERE k.shop_id = %(shop_id)s AND k.contact_id = x.contact_id
         ORDER BY h.assigned_at, h.key
         LIMIT 1),
       EXISTS (SELECT 1 FROM message AS m
                 JOIN recovery AS r ON r.shop_id = m.shop_id AND r.id = m.origin_id
                WHERE m.shop_id = %(shop_id)s AND m.contact_id = x.contact_id AND m.handed_over_at IS NOT NULL
                  AND m.origin_kind = 'recovery' AND m.channel <> 'agent' AND r.scenario_id = x.scenario_id)
  FROM unnest(%(scenario_ids)s::uuid[], %(contact_ids)s::uuid[]) AS x (scenario_id, contact_id)
 CROSS JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = x.contact_id OFFSET 0) AS p;
