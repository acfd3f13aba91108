-- Orders as their latest event tells them; placed when the earliest says.
INSERT INTO shop_order AS o
       (shop_id, id, source, external_id, number, person_key, contact_id, currency, total_minor, discount_minor,
        tax_minor, shipping_minor, discount_codes, origin, is_test, placed_at, content_at, content_event,
        cancelled_at, refunded_minor)
SELECT %(shop_id)s, id, source, external_id, number, person_key, contact_id, currency, total_minor, discount_minor,
       tax_minor, shipping_minor, string_to_array(discount_codes, chr(10)), origin, is_test, placed_at,
       content_at, content_event, cancelled_at, 0
  FROM unnest(%(id)s::uuid[], %(source)s::text[], %(external_id)s::text[], %(number)s::text[],
              %(person_key)s::text[], %(contact_id)s::uuid[], %(currency)s::text[], %(total_minor)s::bigint[],
              %(discount_minor)s::bigint[], %(tax_minor)s::bigint[], %(shipping_minor)s::bigint[],
              %(discount_codes)s::text[], %(origin)s::text[], %(is_test)s::boolean[],
              %(placed_at)s::timestamptz[], %(content_at)s::timestamptz[], %(content_event)s::text[],
              %(cancelled_at)s::timestamptz[])
       AS row (id, source, external_id, number, person_key, contact_id, currency, total_minor, discount_minor,
               tax_minor, shipping_minor, discount_codes, origin, is_test, placed_at, content_at,
               content_event, cancelled_at)
    ON CONFLICT (shop_id, source, external_id) DO UPDATE
   SET (number, person_key, contact_id, currency, total_minor, discount_minor, tax_minor, shipping_minor,
        discount_codes, origin, is_test, placed_at, content_at, content_event, cancelled_at) =
       (EXCLUDED.number, EXCLUDED.person_key, EXCLUDED.contact_id, EXCLUDED.currency, EXCLUDED.total_minor,
        EXCLUDED.discount_minor, EXCLUDED.tax_minor, EXCLUDED.shipping_minor, EXCLUDED.discount_codes,
        EXCLUDED.origin, EXCLUDED.is_test, EXCLUDED.placed_at, EXCLUDED.content_at, EXCLUDED.content_event,
        EXCLUDED.cancelled_at);
