-- As for contents.
WITH gone AS (
    DELETE FROM message_letter
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM message_letter
                      WHERE shop_id = %(shop_id)s AND id < %(floor)s
                      LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
