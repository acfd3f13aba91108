-- Recoveries whose last message is settled are done. Looked up one by one: see due_messages.sql. As a
-- list, for joined to it all recoveries of a shop of which nothing is known yet would look like one.
WITH over AS (
    SELECT r.id
      FROM unnest(%(ids)s::uuid[]) AS x (id)
     CROSS JOIN LATERAL (SELECT * FROM recovery WHERE shop_id = %(shop_id)s AND id = x.id OFFSET 0) AS r
     WHERE r.state = 'active'
       AND (SELECT count(*) FROM message AS m
             WHERE m.shop_id = %(shop_id)s AND m.origin_kind = 'recovery' AND m.origin_id = r.id
               AND m.state IN ('planned', 'sending')) = 0
)
UPDATE recovery AS r SET state = 'done', ended_at = %(now)s
 WHERE r.shop_id = %(shop_id)s AND r.id = ANY (ARRAY(SELECT id FROM over)) AND r.due_at IS NULL AND r.ended_at IS NULL
RETURNING r.id;
