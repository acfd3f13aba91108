-- Every decision on the recoveries of a cart, on what was sent by hand for it and on what campaigns sent about it, in order.
WITH runs AS (
    SELECT r.id, r.scenario_id, r.branch, row_number() OVER (ORDER BY r.abandoned_at, r.left_at, r.id) AS number,
           NULL::text AS campaign
      FROM recovery AS r
     WHERE r.shop_id = %(shop_id)s AND r.cart_id = %(cart_id)s
     UNION ALL
    SELECT h.id, NULL, NULL, NULL, NULL FROM manual_send AS h WHERE h.shop_id = %(shop_id)s AND h.cart_id = %(cart_id)s
     UNION ALL
    SELECT t.id, NULL, NULL, NULL, k.name
      FROM campaign_recipient AS t
      JOIN campaign AS k ON k.shop_id = t.shop_id AND k.id = t.campaign_id
     WHERE t.shop_id = %(shop_id)s AND t.cart_id = %(cart_id)s
)
SELECT d.at, runs.number, runs.id, s.name, runs.campaign, runs.branch, d.step, d.channel, d.outcome, d.reason, d.to_address,
       d.subject, d.facts::text
  FROM runs
  JOIN decision AS d ON d.shop_id = %(shop_id)s AND d.origin_id = runs.id
  LEFT JOIN scenario AS s ON s.shop_id = d.shop_id AND s.id = runs.scenario_id
  LEFT JOIN message AS m ON m.shop_id = d.shop_id AND m.id = d.message_id
 ORDER BY d.at, runs.number, m.step_number NULLS FIRST, d.channel, d.id;
