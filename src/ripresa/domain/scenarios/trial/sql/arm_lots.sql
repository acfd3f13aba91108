-- The arm of each person in the test of each scenario: of those her keys have drawn, the earliest. NULL: none yet, and
-- then `person` is drawn under `key`. OFFSET 0: see due_messages.sql.
SELECT x.scenario_id, x.contact_id, coalesce(p.email, p.phone, p.customer_id),
       coalesce('email:' || p.email, 'customer:' || p.customer_id, 'phone:' || p.phone),
       (SELECT a.arm
          FROM contact_key AS k
          JOIN arm_assignment AS a ON a.shop_id = k.shop_id AND a.scenario_id = x.scenario_id AND a.test = x.test
                                  AND a.key = k.key
         WHERE k.shop_id = %(shop_id)s AND k.contact_id = x.contact_id
         ORDER BY a.assigned_at, a.key
         LIMIT 1)
  FROM unnest(%(scenario_ids)s::uuid[], %(contact_ids)s::uuid[], %(tests)s::text[]) AS x (scenario_id, contact_id, test)
 CROSS JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = x.contact_id OFFSET 0) AS p;
