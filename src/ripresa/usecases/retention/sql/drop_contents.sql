-- The message itself stays, with its fate. Its id is as old as its plan.
WITH gone AS (
    DELETE FROM message_content
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM message_content
                      WHERE shop_id = %(shop_id)s AND id < %(floor)s
                      LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
