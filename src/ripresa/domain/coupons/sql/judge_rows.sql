-- Compare the rows with each other and with what the shop has: codes that differ only in capitals are the same code.
INSERT INTO coupon_verdict (row, id, code, expires_at, first_row, known_in)
SELECT r.row, r.id, r.code, r.expires_at, min(r.row) OVER (PARTITION BY lower(r.code)), k.pool_id
  FROM coupon_row AS r
  LEFT JOIN coupon_code AS k ON k.shop_id = %(shop_id)s AND lower(k.code) = lower(r.code);
