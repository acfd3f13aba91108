-- The rules of a shop in the order in which they are asked, with their agents in the order of their turns.
SELECT row_number() OVER (ORDER BY r.position, r.id), r.countries, r.segment, r.currency, r.at_least_minor, r.below_minor,
       array(SELECT a.email
               FROM rule_agent AS m JOIN agent AS a ON a.shop_id = m.shop_id AND a.id = m.agent_id
              WHERE m.shop_id = r.shop_id AND m.rule_id = r.id
              ORDER BY m.place),
       r.turn
  FROM assignment_rule AS r
 WHERE r.shop_id = %(shop_id)s
 ORDER BY r.position, r.id;
