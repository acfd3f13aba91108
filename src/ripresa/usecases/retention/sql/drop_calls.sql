-- What waits to be read stays.
WITH gone AS (
    DELETE FROM provider_call
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM provider_call
                      WHERE shop_id = %(shop_id)s AND id < %(floor)s AND due_at IS NULL
                      LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
