-- Keep lots as they were drawn first.
INSERT INTO holdout_assignment (shop_id, scenario_id, key, is_held_out, assigned_at)
SELECT %(shop_id)s, row.scenario_id, row.key, row.is_held_out, %(now)s
  FROM unnest(%(scenario_ids)s::uuid[], %(keys)s::text[], %(held_out)s::boolean[])
       AS row (scenario_id, key, is_held_out)
 ORDER BY row.scenario_id, row.key
    ON CONFLICT (shop_id, scenario_id, key) DO NOTHING;
