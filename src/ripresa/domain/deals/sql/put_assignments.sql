-- Whose customers these keys are, because somebody says so; a later word replaces an earlier one.
INSERT INTO agent_assignment AS s (shop_id, key, agent_id, origin, assigned_at)
SELECT %(shop_id)s, row.key, row.agent_id, %(origin)s, %(now)s
  FROM unnest(%(keys)s::text[], %(agent_ids)s::uuid[]) AS row (key, agent_id)
 ORDER BY row.key
    ON CONFLICT (shop_id, key) DO UPDATE
   SET agent_id = EXCLUDED.agent_id, origin = EXCLUDED.origin, assigned_at = EXCLUDED.assigned_at;
