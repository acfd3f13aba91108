-- Take up to %%(count)s free codes of a pool that are good until %%(until)s: first those that end first, then those without
-- an end, each in the order of the file. What another worker is taking at this moment is passed over, not waited for;
-- if it is rolled back, the code is free again and serves the next one. What the shop is to be asked about first is left.
WITH picked AS MATERIALIZED (
    SELECT id
      FROM (SELECT *
              FROM (SELECT id FROM coupon_code
                     WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s AND reserved_at IS NULL
                       AND expires_at >= %(until)s AND expires_at > %(now)s
                       AND (checked_at IS NULL OR checked_at > %(checked_since)s)
                     ORDER BY expires_at, id
                     LIMIT %(count)s
                       FOR UPDATE SKIP LOCKED) AS ending
             UNION ALL
            SELECT *
              FROM (SELECT id FROM coupon_code
                     WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s AND reserved_at IS NULL
                       AND expires_at IS NULL AND (checked_at IS NULL OR checked_at > %(checked_since)s)
                     ORDER BY expires_at, id
                     LIMIT %(count)s
                       FOR UPDATE SKIP LOCKED) AS lasting) AS good
     LIMIT %(count)s
), taken AS (
    UPDATE coupon_code AS c SET reserved_at = %(now)s
      FROM picked
     WHERE c.shop_id = %(shop_id)s AND c.id = picked.id
 RETURNING c.id, c.code, c.expires_at, c.checked_at
)
SELECT id, code, expires_at, checked_at FROM taken ORDER BY expires_at, id;
