-- Whose figures an order or a cart touches, and when the order was placed: it may be another's in a moment. An order of
-- nobody is credited anew by its day: it may have been somebody's.
SELECT DISTINCT o.contact_id, o.placed_at,
       CASE WHEN o.contact_id IS NULL THEN (o.placed_at AT TIME ZONE s.timezone)::date END
  FROM shop AS s
  JOIN shop_order AS o ON o.shop_id = s.id
 WHERE s.id = %(shop_id)s
   AND o.id IN (SELECT t.id FROM unnest(%(sources)s::text[], %(external_ids)s::text[]) AS row (source, external_id)
                  JOIN shop_order AS t ON t.shop_id = %(shop_id)s AND t.source = row.source
                                      AND t.external_id = row.external_id
                UNION SELECT unnest(%(order_ids)s::uuid[]))
UNION
SELECT c.contact_id, NULL, NULL
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s::uuid[])
   AND c.contact_id IS NOT NULL;
