-- A click on link %(number)s of a message, or an open: kept raw, up to a number, and the way on. A link leads nowhere
-- but where it led when the message left.
WITH hit AS (
    SELECT m.id, m.channel, m.to_address,
           CASE WHEN %(number)s::int IS NULL THEN '' ELSE b.urls ->> %(number)s::int END AS url
      FROM message AS m
      JOIN message_content AS b ON b.shop_id = m.shop_id AND b.id = m.id
     WHERE m.shop_id = %(shop_id)s AND m.id = %(message_id)s
), kept AS (
    INSERT INTO message_feedback (shop_id, id, source, event_id, kind, message_id, channel, recipient, is_permanent,
                                  occurred_at, received_at, detail, text, url, user_agent, ip, verdict_rule)
    SELECT %(shop_id)s, %(id)s::uuid, %(source)s, %(id)s::text, %(kind)s, h.id, h.channel, h.to_address, false,
           %(now)s, %(now)s, %(detail)s, '', h.url, %(user_agent)s, %(ip)s, ''
      FROM hit AS h
     WHERE h.url IS NOT NULL
       AND (SELECT count(*) FROM message_feedback AS f
             WHERE f.shop_id = %(shop_id)s AND f.message_id = h.id) < %(most)s
)
SELECT url FROM hit;
