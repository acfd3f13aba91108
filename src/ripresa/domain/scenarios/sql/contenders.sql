-- The scenarios that may take carts up, with the plan of their newest version.
SELECT s.id, s.version_id, s.activated_at, v.plan
  FROM scenario AS s
  JOIN scenario_version AS v ON v.shop_id = s.shop_id AND v.id = s.version_id
 WHERE s.shop_id = %(shop_id)s AND s.state IN ('live', 'paused')
 ORDER BY s.name;
