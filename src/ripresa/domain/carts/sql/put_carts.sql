-- Carts as the fold leaves them.
INSERT INTO cart AS c
       (shop_id, id, source, token, generation, person_key, contact_id, known_by, visitor_id, checkout_id, state,
        kind, currency, total_minor, item_count, items, restore_url, user_agent, device, is_bot, is_test, begun_at,
        left_at, newest_at, newest_event, reachable_at, abandoned_at, ended_at, order_id, due_at)
SELECT %(shop_id)s, id, source, token, generation, person_key, contact_id, known_by, visitor_id, checkout_id, state,
       kind, currency, total_minor, item_count, items::jsonb, restore_url, user_agent, device, is_bot, is_test, begun_at,
       left_at, newest_at, newest_event, reachable_at, abandoned_at, ended_at, order_id, due_at
  FROM unnest(%(id)s::uuid[], %(source)s::text[], %(token)s::text[], %(generation)s::int[],
              %(person_key)s::text[], %(contact_id)s::uuid[], %(known_by)s::text[], %(visitor_id)s::text[],
              %(checkout_id)s::text[], %(state)s::text[], %(kind)s::text[], %(currency)s::text[],
              %(total_minor)s::bigint[], %(item_count)s::int[], %(items)s::text[], %(restore_url)s::text[],
              %(user_agent)s::text[], %(device)s::text[], %(is_bot)s::boolean[], %(is_test)s::boolean[],
              %(begun_at)s::timestamptz[], %(left_at)s::timestamptz[], %(newest_at)s::timestamptz[],
              %(newest_event)s::text[], %(reachable_at)s::timestamptz[], %(abandoned_at)s::timestamptz[],
              %(ended_at)s::timestamptz[], %(order_id)s::uuid[], %(due_at)s::timestamptz[])
       AS row (id, source, token, generation, person_key, contact_id, known_by, visitor_id, checkout_id, state,
               kind, currency, total_minor, item_count, items, restore_url, user_agent, device, is_bot, is_test, begun_at,
               left_at, newest_at, newest_event, reachable_at, abandoned_at, ended_at, order_id, due_at)
    ON CONFLICT (shop_id, source, token, generation) DO UPDATE
   SET person_key = EXCLUDED.person_key, contact_id = EXCLUDED.contact_id, known_by = EXCLUDED.known_by,
       visitor_id = EXCLUDED.visitor_id, checkout_id = EXCLUDED.checkout_id, state = EXCLUDED.state,
       kind = EXCLUDED.kind, currency = EXCLUDED.currency, total_minor = EXCLUDED.total_minor,
       item_count = EXCLUDED.item_count, items = EXCLUDED.items, restore_url = EXCLUDED.restore_url,
       user_agent = EXCLUDED.user_agent, device = EXCLUDED.device, is_bot = EXCLUDED.is_bot,
       is_test = EXCLUDED.is_test, begun_at = EXCLUDED.begun_at, left_at = EXCLUDED.left_at, newest_at = EXCLUDED.newest_at,
       newest_event = EXCLUDED.newest_event, reachable_at = EXCLUDED.reachable_at,
       abandoned_at = EXCLUDED.abandoned_at, ended_at = EXCLUDED.ended_at, order_id = EXCLUDED.order_id,
       due_at = EXCLUDED.due_at,
       cause = CASE WHEN EXCLUDED.state = 'recovered' THEN c.cause END,
       cause_message_id = CASE WHEN EXCLUDED.state = 'recovered' THEN c.cause_message_id END;
