-- Codes given out of a pool, the latest first, each with her who has it and the order that carried it.
SELECT i.id, i.reserved_at, i.code, c.id, c.first_name, c.last_name, c.email, c.phone, c.customer_id,
       i.origin_kind, coalesce(s.name, k.name, ''), i.step, i.sent_at, i.expires_at, o.placed_at, o.number
  FROM (SELECT *
          FROM coupon_issue
         WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s
           AND (%(older_at)s::timestamptz IS NULL
                OR (reserved_at, id) < (%(older_at)s::timestamptz, %(older_id)s::uuid))
         ORDER BY reserved_at DESC, id DESC
         LIMIT %(limit)s) AS i
  JOIN contact AS c ON c.shop_id = i.shop_id AND c.id = i.contact_id
  LEFT JOIN recovery AS r ON i.origin_kind = 'recovery' AND r.shop_id = i.shop_id AND r.id = i.origin_id
  LEFT JOIN scenario AS s ON s.shop_id = i.shop_id AND s.id = r.scenario_id
  LEFT JOIN campaign_recipient AS p ON i.origin_kind = 'campaign' AND p.shop_id = i.shop_id AND p.id = i.origin_id
  LEFT JOIN campaign AS k ON k.shop_id = i.shop_id AND k.id = p.campaign_id
  LEFT JOIN LATERAL (SELECT o.placed_at, o.number
                       FROM shop_order AS o, unnest(o.discount_codes) AS used (code)
                      WHERE o.shop_id = i.shop_id AND o.contact_id = i.contact_id AND o.placed_at >= i.reserved_at
                        AND lower(used.code) = lower(i.code)
                      ORDER BY o.placed_at
                      LIMIT 1) AS o ON true
 ORDER BY i.reserved_at DESC, i.id DESC;
