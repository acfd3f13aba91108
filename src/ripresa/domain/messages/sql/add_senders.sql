-- Senders met for the first time; another worker may have met them a moment ago.
INSERT INTO sender (shop_id, id, email, name, reply_to, paused_reason)
SELECT %(shop_id)s, id, email, name, reply_to, ''
  FROM unnest(%(ids)s::uuid[], %(emails)s::text[], %(names)s::text[], %(reply_tos)s::text[])
       AS s (id, email, name, reply_to)
    ON CONFLICT (shop_id, email) DO NOTHING;
