-- The agents of a shop by address, with what is theirs.
SELECT a.email, a.name, a.is_active,
       (SELECT count(*) FROM agent_assignment AS s WHERE s.shop_id = a.shop_id AND s.agent_id = a.id),
       (SELECT count(*) FROM deal AS d
         WHERE d.shop_id = a.shop_id AND d.agent_id = a.id AND d.closed_at IS NULL)
  FROM agent AS a
 WHERE a.shop_id = %(shop_id)s
 ORDER BY a.email;
