-- When some people got their latest code.
SELECT y.id, i.reserved_at
  FROM unnest(%(contact_ids)s::uuid[]) AS y (id)
 CROSS JOIN LATERAL (SELECT reserved_at FROM coupon_issue
                      WHERE shop_id = %(shop_id)s AND contact_id = y.id
                      ORDER BY reserved_at DESC LIMIT 1) AS i;
