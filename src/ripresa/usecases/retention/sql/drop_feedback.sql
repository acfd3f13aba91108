-- What was heard stays, for the figures; who said it with which browser goes.
WITH gone AS (
    UPDATE message_feedback SET ip = '', user_agent = '', text = '', detail = '', recipient = NULL
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM message_feedback
                   WHERE shop_id = %(shop_id)s AND id < %(floor)s AND (ip <> '' OR user_agent <> '' OR text <> '' OR detail <> '' OR recipient IS NOT NULL)
                   LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
