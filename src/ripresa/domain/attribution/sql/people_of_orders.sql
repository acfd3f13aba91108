-- Whose figures an order or a cart touches, and when the order was placed: it may be another's in a moment.
SELECT DISTINCT o.contact_id, o.placed_at
  FROM unnest(%(sources)s::text[], %(external_ids)s::text[]) AS row (source, external_id)
  JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.source = row.source AND o.external_id = row.external_id
UNION
SELECT c.contact_id, NULL
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s::uuid[])
   AND c.contact_id IS NOT NULL;
