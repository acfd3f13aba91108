-- What is in each pool of a shop, by name. A free code whose end has come is over, not left.
SELECT p.name, p.kind, p.code, p.expires_at, p.low_water, p.created_at,
       CASE WHEN p.kind = 'dynamic' THEN c.remaining END, c.expired,
       (SELECT count(*) FROM coupon_issue AS i WHERE i.shop_id = p.shop_id AND i.pool_id = p.id),
       coalesce(c.remaining <= p.low_water, false)
  FROM coupon_pool AS p
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE expires_at IS NULL OR expires_at > %(now)s) AS remaining,
                            count(*) FILTER (WHERE expires_at <= %(now)s) AS expired
                       FROM coupon_code
                      WHERE shop_id = p.shop_id AND pool_id = p.id AND reserved_at IS NULL) AS c
 WHERE p.shop_id = %(shop_id)s
 ORDER BY p.name COLLATE "C";
