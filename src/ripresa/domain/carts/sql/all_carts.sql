-- Every generation of each token.
SELECT id, source, token, generation, person_key, contact_id, known_by, visitor_id, checkout_id, state,
       kind, currency, total_minor, items::text, restore_url, user_agent, device, is_bot, is_test, begun_at,
       left_at, newest_at, newest_event, reachable_at, abandoned_at, ended_at, order_id, due_at
  FROM cart
 WHERE shop_id = %(shop_id)s
   AND (source, token) IN (SELECT * FROM unnest(%(sources)s::text[], %(tokens)s::text[]));
