-- Opens (no number) and clicks on links of messages: kept raw, of one message up to a number, and the ways on. A link
-- leads nowhere but where it led when the message left.
WITH seen AS (
    SELECT *, row_number() OVER (PARTITION BY shop_id, message_id ORDER BY id) AS turn
      FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[], %s::text[], %s::int[], %s::timestamptz[], %s::text[], %s::text[],
                  %s::text[]) AS s (shop_id, message_id, id, kind, number, at, detail, user_agent, ip)
), hit AS (
    SELECT s.*, m.channel, m.to_address, CASE WHEN s.number IS NULL THEN '' ELSE b.urls ->> s.number END AS url
      FROM seen AS s
      JOIN message AS m ON m.shop_id = s.shop_id AND m.id = s.message_id
      JOIN message_content AS b ON b.shop_id = m.shop_id AND b.id = m.id
), kept AS (
    INSERT INTO message_feedback (shop_id, id, source, event_id, kind, message_id, channel, recipient, is_permanent,
                                  occurred_at, received_at, detail, text, url, user_agent, ip, verdict_rule)
    SELECT h.shop_id, h.id, %s, h.id::text, h.kind, h.message_id, h.channel, h.to_address, false, h.at, h.at, h.detail,
           '', h.url, h.user_agent, h.ip, ''
      FROM hit AS h
     WHERE h.url IS NOT NULL
       AND (SELECT count(*) FROM message_feedback AS f
             WHERE f.shop_id = h.shop_id AND f.message_id = h.message_id) + h.turn <= %s
)
SELECT id, url FROM hit;
