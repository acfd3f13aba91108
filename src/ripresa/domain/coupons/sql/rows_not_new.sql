-- The first rows that will not be stored, each with the row it repeats or the pool that has it.
SELECT v.row, v.code, v.first_row, p.name
  FROM coupon_verdict AS v
  LEFT JOIN coupon_pool AS p ON p.shop_id = %(shop_id)s AND p.id = v.known_in
 WHERE v.known_in IS NOT NULL OR v.row <> v.first_row
 ORDER BY v.row
 LIMIT %(limit)s;
