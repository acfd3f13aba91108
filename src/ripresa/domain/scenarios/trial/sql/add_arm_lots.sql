-- Keep lots as they were drawn first.
INSERT INTO arm_assignment (shop_id, scenario_id, test, key, arm, assigned_at)
SELECT %(shop_id)s, row.scenario_id, row.test, row.key, row.arm, %(now)s
  FROM unnest(%(scenario_ids)s::uuid[], %(tests)s::text[], %(keys)s::text[], %(arms)s::text[])
       AS row (scenario_id, test, key, arm)
 ORDER BY row.scenario_id, row.test, row.key
    ON CONFLICT (shop_id, scenario_id, test, key) DO NOTHING;
