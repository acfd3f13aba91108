-- How many events of a shop wait to be folded, counted up to a bound: the index tells, and no further.
SELECT count(*) FROM (
    SELECT 1 FROM inbox WHERE shop_id = %(shop_id)s AND folded_at IS NULL LIMIT %(most)s
) AS waiting;
