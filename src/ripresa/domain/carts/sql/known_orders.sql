SELECT o.id, o.source, o.external_id, o.number, o.person_key, o.contact_id, o.currency, o.total_minor, o.discount_minor,
       o.tax_minor, o.shipping_minor, o.discount_codes, o.origin, o.is_test, o.placed_at, o.content_at,
       o.content_event, o.cancelled_at
  FROM shop_order AS o
 WHERE o.shop_id = %(shop_id)s
   AND (o.source, o.external_id) IN (SELECT * FROM unnest(%(sources)s::text[], %(external_ids)s::text[]));
