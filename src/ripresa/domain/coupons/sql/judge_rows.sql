-- Compare the rows with each other and with what the shop has: codes that differ only in capitals are the same code. Then
-- how many rows are new, repeat another row, or are known already; a row that does both is known.
WITH judged AS (
    INSERT INTO coupon_verdict (row, id, code, expires_at, first_row, known_in)
    SELECT r.row, r.id, r.code, r.expires_at, min(r.row) OVER (PARTITION BY lower(r.code)), k.pool_id
      FROM coupon_row AS r
      LEFT JOIN coupon_code AS k ON k.shop_id = %(shop_id)s AND lower(k.code) = lower(r.code)
 RETURNING row, first_row, known_in
)
SELECT count(*) FILTER (WHERE known_in IS NULL AND row = first_row),
       count(*) FILTER (WHERE known_in IS NULL AND row <> first_row),
       count(*) FILTER (WHERE known_in = %(pool_id)s),
       count(*) FILTER (WHERE known_in <> %(pool_id)s),
       coalesce(max(row), 0)
  FROM judged;
