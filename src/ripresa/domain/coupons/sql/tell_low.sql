-- Pools that have come down to their mark and of which the owner has not heard yet: she hears of them now. No more codes
-- are counted than the mark says. A pool that is being filled is left to the next look.
WITH low AS (
    SELECT p.id, p.name, p.low_water, c.remaining
      FROM coupon_pool AS p
     CROSS JOIN LATERAL (
            SELECT count(*) AS remaining
              FROM (SELECT FROM (SELECT FROM coupon_code
                                  WHERE shop_id = p.shop_id AND pool_id = p.id AND reserved_at IS NULL
                                    AND expires_at > %(now)s
                                  ORDER BY expires_at, id
                                  LIMIT p.low_water + 1) AS ending
                     UNION ALL
                    SELECT FROM (SELECT FROM coupon_code
                                  WHERE shop_id = p.shop_id AND pool_id = p.id AND reserved_at IS NULL
                                    AND expires_at IS NULL
                                  ORDER BY expires_at, id
                                  LIMIT p.low_water + 1) AS lasting) AS good) AS c
     WHERE p.shop_id = %(shop_id)s AND p.low_water IS NOT NULL AND p.told_low_at IS NULL
       AND c.remaining <= p.low_water
       FOR NO KEY UPDATE OF p SKIP LOCKED
)
UPDATE coupon_pool AS p SET told_low_at = %(now)s
  FROM low
 WHERE p.shop_id = %(shop_id)s AND p.id = low.id
RETURNING low.name, low.remaining, low.low_water;
