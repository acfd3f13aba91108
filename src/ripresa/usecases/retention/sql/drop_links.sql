-- Whoever has a mail may always end the mails: those links stay. So do those that were followed: figures count them.
WITH gone AS (
    DELETE FROM message_link
     WHERE shop_id = %(shop_id)s
       AND token_hash IN (SELECT token_hash FROM message_link
                      WHERE shop_id = %(shop_id)s AND message_id < %(floor)s AND purpose <> 'unsubscribe'
                        AND (purpose <> 'restore' OR used_at IS NULL) AND expires_at < %(now)s
                      LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
