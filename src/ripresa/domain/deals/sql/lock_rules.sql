-- The rules of a shop in their order, each with its agents who are there, in theirs. All are locked at once, by
-- whoever deals customers out: so every turn is taken once, and two who deal never wait for each other.
WITH locked AS (
    SELECT id, position, countries, segment, currency, at_least_minor, below_minor, turn
      FROM assignment_rule
     WHERE shop_id = %(shop_id)s
     ORDER BY id
       FOR UPDATE
)
SELECT r.id, r.countries, r.segment, r.currency, r.at_least_minor, r.below_minor, r.turn,
       array_agg(a.id ORDER BY m.place), array_agg(a.email ORDER BY m.place),
       array_agg(a.name ORDER BY m.place)
  FROM locked AS r
  JOIN rule_agent AS m ON m.shop_id = %(shop_id)s AND m.rule_id = r.id
  JOIN agent AS a ON a.shop_id = m.shop_id AND a.id = m.agent_id
 WHERE a.is_active AND (a.away_until IS NULL OR a.away_until <= %(now)s)
 GROUP BY r.id, r.position, r.countries, r.segment, r.currency, r.at_least_minor, r.below_minor, r.turn
 ORDER BY r.position, r.id;
