-- The agents of a shop by address, with what is theirs, and the numbers of the rules in which they take turns.
WITH rule AS (
    SELECT id, row_number() OVER (ORDER BY position, id) AS number
      FROM assignment_rule
     WHERE shop_id = %(shop_id)s
)
SELECT a.id, a.email, a.name, a.is_active, a.away_until,
       (SELECT count(*) FROM agent_assignment AS s WHERE s.shop_id = a.shop_id AND s.agent_id = a.id),
       (SELECT count(*) FROM deal AS d
         WHERE d.shop_id = a.shop_id AND d.agent_id = a.id AND d.closed_at IS NULL),
       array(SELECT r.number
               FROM rule_agent AS m JOIN rule AS r ON r.id = m.rule_id
              WHERE m.shop_id = a.shop_id AND m.agent_id = a.id
              ORDER BY r.number)
  FROM agent AS a
 WHERE a.shop_id = %(shop_id)s
 ORDER BY a.email;
