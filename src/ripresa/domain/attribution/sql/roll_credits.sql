-- What the orders of a day are credited to. An order counts once, in the row of its last interaction (and once in that
-- of its first); a coupon's discount stands in the row of the message that carried the code.
WITH span AS (
    SELECT * FROM unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS s (day, begins, ends)
), fresh AS (
    SELECT s.day, coalesce(m.origin_kind, CASE WHEN c.kind = 'agent' THEN 'agent' ELSE 'outside' END) AS origin_kind,
           coalesce(r.scenario_id, p.campaign_id, %(nobody)s::uuid) AS origin_id, coalesce(v.number, 0) AS version,
           coalesce(m.step, '') AS step, coalesce(m.template, '') AS template, c.channel,
           coalesce(m.language, '') AS language, coalesce(c.agent_id, d.agent_id, %(nobody)s::uuid) AS agent_id,
           o.currency, c.is_agents,
           count(*) FILTER (WHERE c.is_latest) AS orders, count(*) FILTER (WHERE c.place = 1) AS orders_first,
           count(*) FILTER (WHERE c.kind = 'coupon') AS coupon_orders,
           coalesce(sum(o.discount_minor) FILTER (WHERE c.kind = 'coupon'), 0) AS coupon_minor,
           sum(c.linear_minor) AS linear_minor, sum(c.last_minor) AS last_minor, sum(c.first_minor) AS first_minor,
           sum(c.position_minor) AS position_minor, sum(c.decay_minor) AS decay_minor
      FROM span AS s
      JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.placed_at >= s.begins AND o.placed_at < s.ends
      JOIN order_credit AS c ON c.shop_id = o.shop_id AND c.order_id = o.id
      LEFT JOIN message AS m ON m.shop_id = c.shop_id AND m.id = c.message_id
      LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
      LEFT JOIN scenario_version AS v ON v.shop_id = r.shop_id AND v.id = coalesce(m.version_id, r.version_id)
      LEFT JOIN campaign_recipient AS p ON m.origin_kind = 'campaign' AND p.shop_id = m.shop_id AND p.id = m.origin_id
      LEFT JOIN LATERAL (SELECT d.agent_id FROM deal AS d WHERE d.shop_id = m.shop_id AND d.cart_id = m.cart_id AND d.opened_at <= m.handed_over_at
                          ORDER BY d.opened_at DESC, d.id DESC LIMIT 1) AS d ON true
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
), gone AS (
    DELETE FROM report_credits AS t
     WHERE t.shop_id = %(shop_id)s AND t.day IN (SELECT day FROM span)
       AND NOT EXISTS (SELECT 1 FROM fresh AS f
                        WHERE (f.day, f.origin_kind, f.origin_id, f.version, f.step, f.template, f.channel, f.language,
                               f.agent_id, f.currency, f.is_agents)
                            = (t.day, t.origin_kind, t.origin_id, t.version, t.step, t.template, t.channel, t.language,
                               t.agent_id, t.currency, t.is_agents))
)
INSERT INTO report_credits AS t
       (shop_id, day, origin_kind, origin_id, version, step, template, channel, language, agent_id, currency, is_agents,
        orders, orders_first, coupon_orders, coupon_minor, linear_minor, last_minor, first_minor, position_minor,
        decay_minor)
SELECT %(shop_id)s, f.* FROM fresh AS f
    ON CONFLICT (shop_id, day, origin_kind, origin_id, version, step, template, channel, language, agent_id, currency,
                 is_agents) DO UPDATE
   SET orders = EXCLUDED.orders, orders_first = EXCLUDED.orders_first, coupon_orders = EXCLUDED.coupon_orders,
       coupon_minor = EXCLUDED.coupon_minor, linear_minor = EXCLUDED.linear_minor, last_minor = EXCLUDED.last_minor,
       first_minor = EXCLUDED.first_minor, position_minor = EXCLUDED.position_minor,
       decay_minor = EXCLUDED.decay_minor
 WHERE t IS DISTINCT FROM EXCLUDED;
