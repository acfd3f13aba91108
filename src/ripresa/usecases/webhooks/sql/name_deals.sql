SELECT d.id,
       json_build_object('id', d.id, 'value', json_build_object('minor', d.value_minor, 'currency', d.currency),
                         'agent', a.email)::text
  FROM deal AS d
  LEFT JOIN agent AS a ON a.shop_id = d.shop_id AND a.id = d.agent_id
 WHERE d.shop_id = %(shop_id)s AND d.id = ANY(%(ids)s);
