-- Of some scenarios and campaigns those whose latest %(most)s messages that came to an end on the wire all failed. Ids of
-- decisions grow with time, so the latest of the shop are at the end of its key; no more than %(look_back)s are read.
WITH latest AS (
    SELECT d.id, d.origin_id, d.outcome
      FROM decision AS d
     WHERE d.shop_id = %(shop_id)s AND d.origin_kind IN ('recovery', 'campaign') AND d.outcome IN ('sent', 'failed', 'unknown')
     ORDER BY d.id DESC
     LIMIT %(look_back)s
), numbered AS (
    SELECT o.scenario_id, l.outcome, row_number() OVER (PARTITION BY o.scenario_id ORDER BY l.id DESC) AS place
      FROM latest AS l
     CROSS JOIN LATERAL (SELECT r.scenario_id FROM recovery AS r WHERE r.shop_id = %(shop_id)s AND r.id = l.origin_id
                          UNION ALL
                         SELECT t.campaign_id FROM campaign_recipient AS t
                          WHERE t.shop_id = %(shop_id)s AND t.id = l.origin_id) AS o (scenario_id)
     WHERE o.scenario_id = ANY(%(scenario_ids)s::uuid[])
)
SELECT scenario_id FROM numbered
 WHERE place <= %(most)s
 GROUP BY scenario_id
HAVING count(*) = %(most)s AND bool_and(outcome = 'failed')
 ORDER BY scenario_id;
