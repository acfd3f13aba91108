-- Since when these keys have had the agent that somebody, or a rule, gave them; agents who left are passed over.
SELECT s.key, s.assigned_at
  FROM agent_assignment AS s
  JOIN agent AS a ON a.shop_id = s.shop_id AND a.id = s.agent_id AND a.is_active
 WHERE s.shop_id = %(shop_id)s AND s.key = ANY(%(keys)s::text[]);
