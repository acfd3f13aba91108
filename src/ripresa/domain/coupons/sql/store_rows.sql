-- Store the new codes of some rows; what another import stored meanwhile stays as it is.
WITH stored AS (
    INSERT INTO coupon_code (shop_id, id, pool_id, code, expires_at)
    SELECT %(shop_id)s, id, %(pool_id)s, code, expires_at
      FROM coupon_verdict
     WHERE row > %(after)s AND row <= %(until)s AND known_in IS NULL AND row = first_row
     ORDER BY row
        ON CONFLICT (shop_id, lower(code)) DO NOTHING
 RETURNING 1
)
SELECT count(*) FROM stored;
