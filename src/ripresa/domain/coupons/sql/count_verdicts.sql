-- How many rows are new, repeat another row, or are known already; a row that does both is known.
SELECT count(*) FILTER (WHERE known_in IS NULL AND row = first_row),
       count(*) FILTER (WHERE known_in IS NULL AND row <> first_row),
       count(*) FILTER (WHERE known_in = %(pool_id)s),
       count(*) FILTER (WHERE known_in <> %(pool_id)s),
       coalesce(max(row), 0)
  FROM coupon_verdict;
