-- People drawn for a scenario's hold-out long enough ago, each once by the earliest lot of her keys, with what she
-- bought since. Lots on which nothing was drawn stay out: who had been written to before holds her place without one.
WITH lot AS (
    SELECT DISTINCT ON (coalesce(k.contact_id::text, h.key))
           coalesce(k.contact_id::text, h.key) AS person, k.contact_id, h.is_held_out, h.assigned_at
      FROM holdout_assignment AS h
      LEFT JOIN contact_key AS k ON k.shop_id = h.shop_id
            -- Of whom was erased each lot has a key of its own, which begins with that of nobody (holdings.py).
            AND k.key = CASE WHEN h.key LIKE 'erased:%%' THEN left(h.key, length('erased:') + 32) ELSE h.key END
     WHERE h.shop_id = %(shop_id)s AND h.scenario_id = %(scenario_id)s
     ORDER BY coalesce(k.contact_id::text, h.key), h.assigned_at, h.key
)
SELECT l.is_held_out, l.assigned_at,
       coalesce((v.plan ->> 'holdout')::int, 0),
       count(o.id), coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint
  FROM lot AS l
  LEFT JOIN LATERAL (
       SELECT v.plan FROM scenario_version AS v
        WHERE v.shop_id = %(shop_id)s AND v.scenario_id = %(scenario_id)s AND v.created_at <= l.assigned_at
        ORDER BY v.number DESC LIMIT 1) AS v ON true
  LEFT JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.contact_id = l.contact_id
       AND o.placed_at >= l.assigned_at AND o.placed_at < l.assigned_at + %(outcome)s::interval
       AND o.currency = %(currency)s AND o.cancelled_at IS NULL AND NOT o.is_test
       AND o.origin NOT IN ('draft', 'renewal', 'staff') AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)
 WHERE l.assigned_at <= %(until)s
   AND NOT EXISTS (
       SELECT 1 FROM message AS m
         JOIN recovery AS r ON r.shop_id = m.shop_id AND r.id = m.origin_id
        WHERE m.shop_id = %(shop_id)s AND m.contact_id = l.contact_id AND m.handed_over_at < l.assigned_at
          AND m.origin_kind = 'recovery' AND m.channel <> 'agent' AND r.scenario_id = %(scenario_id)s)
 GROUP BY l.person, l.is_held_out, l.assigned_at, v.plan
 ORDER BY l.assigned_at;
