-- Folding is idempotent by itself: these rows only spare it repetitions. What is not folded stays.
WITH gone AS (
    DELETE FROM inbox
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM inbox
                      WHERE shop_id = %(shop_id)s AND id < %(floor)s AND folded_at < %(cutoff)s
                      LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
