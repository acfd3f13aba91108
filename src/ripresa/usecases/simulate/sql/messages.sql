-- The trail as lines of messages.jsonl; recoveries of a token are counted from 1, across generations.
WITH numbered AS (
    SELECT r.id, r.scenario_id, r.branch, r.cart_id, c.token, c.contact_id,
           row_number() OVER (PARTITION BY c.source, c.token
                              ORDER BY COALESCE(r.taken_up_at, r.abandoned_at), c.generation, r.left_at) AS number
      FROM recovery AS r JOIN cart AS c ON c.shop_id = r.shop_id AND c.id = r.cart_id
     WHERE r.shop_id = %(shop_id)s
       AND EXISTS (SELECT 1 FROM decision AS d WHERE d.shop_id = r.shop_id AND d.origin_id = r.id)
)
SELECT d.at, n.token, n.number, COALESCE(k.email, k.phone, k.customer_id), s.name, n.branch, d.step, d.channel,
       d.outcome, d.reason, d.to_address, d.subject
  FROM decision AS d
  JOIN numbered AS n ON n.id = d.origin_id
  JOIN scenario AS s ON s.shop_id = d.shop_id AND s.id = n.scenario_id
  LEFT JOIN contact AS k ON k.shop_id = d.shop_id AND k.id = n.contact_id
 WHERE d.shop_id = %(shop_id)s AND d.origin_kind = 'recovery'
 ORDER BY d.at, n.token COLLATE "C", d.step COLLATE "C" NULLS FIRST, d.channel COLLATE "C" NULLS FIRST, n.number, d.id;
