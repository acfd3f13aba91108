SELECT r.id, json_build_object('id', r.id, 'branch', r.branch, 'scenario', json_build_object('id', s.id, 'name', s.name))::text
  FROM recovery AS r
  JOIN scenario AS s ON s.shop_id = r.shop_id AND s.id = r.scenario_id
 WHERE r.shop_id = %(shop_id)s AND r.id = ANY(%(ids)s);
