-- What will be stored, from the beginning.
SELECT row, code, expires_at FROM coupon_verdict WHERE known_in IS NULL AND row = first_row ORDER BY row LIMIT %(limit)s;
