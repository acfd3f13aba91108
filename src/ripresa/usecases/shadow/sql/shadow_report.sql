-- What would have gone in shadow mode, and what of it was bought afterwards all the same.
SELECT coalesce(s.name, k.name, m.origin_kind), m.step, m.channel, c.currency, count(*), count(DISTINCT m.contact_id),
       count(DISTINCT c.id) FILTER (WHERE c.state = 'recovered' AND o.placed_at >= m.settled_at),
       (SELECT sum(b.total_minor)
          FROM (SELECT DISTINCT unnest(array_agg(o.id) FILTER (WHERE c.state = 'recovered' AND o.placed_at >= m.settled_at)) AS id) AS x
          JOIN shop_order AS b ON b.shop_id = %(shop_id)s AND b.id = x.id)
  FROM message AS m
  LEFT JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id
  LEFT JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.id = c.order_id AND o.currency = c.currency
  LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
  LEFT JOIN scenario AS s ON s.shop_id = r.shop_id AND s.id = r.scenario_id
  LEFT JOIN campaign_recipient AS t ON m.origin_kind = 'campaign' AND t.shop_id = m.shop_id AND t.id = m.origin_id
  LEFT JOIN campaign AS k ON k.shop_id = t.shop_id AND k.id = t.campaign_id
 WHERE m.shop_id = %(shop_id)s AND m.reason = 'shadow' AND m.settled_at >= %(since)s AND m.settled_at < %(until)s
 GROUP BY 1, m.step, m.channel, c.currency
 ORDER BY 1, min(m.step_number), m.channel, c.currency;
