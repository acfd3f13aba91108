-- What happened, and a delivery to each endpoint that wants it. Positions are drawn in the order of the list, under
-- the locks that whoever changes a subject holds: so they grow within a subject as things happened.
WITH row AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(subjects)s::uuid[], %(instants)s::timestamptz[],
                         %(contact_ids)s::uuid[], %(cart_ids)s::uuid[], %(facts)s::text[], %(abouts)s::text[])
             WITH ORDINALITY AS row (id, type, subject, happened_at, contact_id, cart_id, facts, about, number)
), event AS (
    INSERT INTO webhook_event (shop_id, id, type, subject, happened_at, contact_id, cart_id, facts, about)
    SELECT %(shop_id)s::bigint, id, type, subject, happened_at, contact_id, cart_id, facts::jsonb, about::jsonb
      FROM row
     ORDER BY number
 RETURNING id, subject, position
)
INSERT INTO webhook_delivery (shop_id, endpoint_id, event_id, subject, position, state, due_at, attempts)
SELECT %(shop_id)s::bigint, pair.endpoint_id, event.id, event.subject, event.position, 'waiting',
       %(now)s::timestamptz, 0
  FROM unnest(%(for_events)s::uuid[], %(for_endpoints)s::uuid[]) AS pair (event_id, endpoint_id)
  JOIN event ON event.id = pair.event_id;
