-- Take what was not given out of a pool. Those that somebody is being given at this moment stay.
WITH dropped AS (
    DELETE FROM coupon_code AS c
     USING (SELECT id FROM coupon_code
             WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s AND reserved_at IS NULL
               FOR UPDATE SKIP LOCKED) AS free
     WHERE c.shop_id = %(shop_id)s AND c.id = free.id
 RETURNING 1
)
SELECT count(*) FROM dropped;
