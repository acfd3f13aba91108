-- People drawn for a test of a scenario long enough ago, each once by the earliest lot of her keys: her arm, the version
-- whose shares she was drawn by, what she bought since, what the coupons of the scenario took off that, and what its
-- messages cost. Orders and costs of other currencies than the asked one are left out.
WITH lot AS (
    SELECT DISTINCT ON (coalesce(k.contact_id::text, a.key))
           coalesce(k.contact_id::text, a.key) AS person, k.contact_id, a.arm, a.assigned_at
      FROM arm_assignment AS a
      LEFT JOIN contact_key AS k ON k.shop_id = a.shop_id
            -- Of whom was erased each lot has a key of its own, which begins with that of nobody (holdings.py).
            AND k.key = CASE WHEN a.key LIKE 'erased:%%' THEN left(a.key, length('erased:') + 32) ELSE a.key END
     WHERE a.shop_id = %(shop_id)s AND a.scenario_id = %(scenario_id)s AND a.test = %(test)s
     ORDER BY coalesce(k.contact_id::text, a.key), a.assigned_at, a.key
)
SELECT l.arm, l.assigned_at, v.id, o.orders, o.minor, o.coupon_orders, o.coupon_minor, m.messages, m.cost_minor
  FROM lot AS l
  LEFT JOIN LATERAL (
       SELECT v.id FROM scenario_version AS v
        WHERE v.shop_id = %(shop_id)s AND v.scenario_id = %(scenario_id)s AND v.created_at <= l.assigned_at
        ORDER BY v.number DESC LIMIT 1) AS v ON true
 CROSS JOIN LATERAL (
       SELECT count(*) AS orders, coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint AS minor,
              count(*) FILTER (WHERE c.is_used) AS coupon_orders,
              coalesce(sum(o.discount_minor) FILTER (WHERE c.is_used), 0)::bigint AS coupon_minor
         FROM shop_order AS o
        CROSS JOIN LATERAL (
              SELECT EXISTS (SELECT 1 FROM coupon_issue AS i
                               JOIN recovery AS r ON r.shop_id = i.shop_id AND r.id = i.origin_id
                              WHERE i.shop_id = o.shop_id AND i.contact_id = o.contact_id AND i.origin_kind = 'recovery'
                                AND r.scenario_id = %(scenario_id)s
                                AND lower(i.code) IN (SELECT lower(used) FROM unnest(o.discount_codes) AS used)
                              ) AS is_used) AS c
        WHERE o.shop_id = %(shop_id)s AND o.contact_id = l.contact_id
          AND o.placed_at >= l.assigned_at AND o.placed_at < l.assigned_at + %(outcome)s::interval
          AND o.currency = %(currency)s AND o.cancelled_at IS NULL AND NOT o.is_test
          AND o.origin NOT IN ('draft', 'renewal', 'staff')
          AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)) AS o
 CROSS JOIN LATERAL (
       SELECT count(*) AS messages,
              coalesce(sum(m.cost_minor) FILTER (WHERE m.cost_currency = %(currency)s AND m.delivery IS DISTINCT FROM 'cancelled'), 0)::bigint AS cost_minor
         FROM message AS m
         JOIN recovery AS r ON r.shop_id = m.shop_id AND r.id = m.origin_id
        WHERE m.shop_id = %(shop_id)s AND m.contact_id = l.contact_id AND m.origin_kind = 'recovery'
          AND m.channel <> 'agent' AND m.state IN ('sent', 'unknown') AND r.scenario_id = %(scenario_id)s
          AND m.handed_over_at >= l.assigned_at AND m.handed_over_at < l.assigned_at + %(outcome)s::interval) AS m
 WHERE l.assigned_at <= %(until)s
 ORDER BY l.assigned_at, l.person;
