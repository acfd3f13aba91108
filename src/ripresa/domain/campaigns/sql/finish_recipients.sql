-- Recipients of a campaign none of whose messages can leave any more are over. Only few are planned at a time.
-- OFFSET 0 makes every row a look-up by its origin: tables that were just filled have no statistics to tell better by.
WITH over AS (
    SELECT t.id
      FROM (SELECT id FROM campaign_recipient
             WHERE shop_id = %(shop_id)s AND campaign_id = %(campaign_id)s AND state = 'planned' OFFSET 0) AS t
     WHERE (SELECT count(*)
              FROM (SELECT state FROM message
                     WHERE shop_id = %(shop_id)s AND origin_kind = 'campaign' AND origin_id = t.id OFFSET 0) AS m
             WHERE m.state IN ('planned', 'sending')) = 0
)
UPDATE campaign_recipient AS t SET state = 'over'
  FROM over
 WHERE t.shop_id = %(shop_id)s AND t.id = over.id;
