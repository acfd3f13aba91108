-- Of some scenarios those whose latest %(most)s messages that came to an end on the wire all failed. Ids of
-- decisions grow with time, so the latest of the shop are at the end of its key; no more than %(look_back)s are read.
WITH latest AS (
    SELECT d.id, d.origin_id, d.outcome
      FROM decision AS d
     WHERE d.shop_id = %(shop_id)s AND d.origin_kind = 'recovery' AND d.outcome IN ('sent', 'failed', 'unknown')
     ORDER BY d.id DESC
     LIMIT %(look_back)s
), numbered AS (
    SELECT r.scenario_id, l.outcome, row_number() OVER (PARTITION BY r.scenario_id ORDER BY l.id DESC) AS place
      FROM latest AS l
      JOIN recovery AS r ON r.shop_id = %(shop_id)s AND r.id = l.origin_id
     WHERE r.scenario_id = ANY(%(scenario_ids)s::uuid[])
)
SELECT scenario_id FROM numbered
 WHERE place <= %(most)s
 GROUP BY scenario_id
HAVING count(*) = %(most)s AND bool_and(outcome = 'failed')
 ORDER BY scenario_id;
