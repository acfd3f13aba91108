-- Whose figures an order or an abandoned cart touches; of an order of nobody, when it was placed.
SELECT DISTINCT o.contact_id, CASE WHEN o.contact_id IS NULL THEN o.placed_at END
  FROM unnest(%(sources)s::text[], %(external_ids)s::text[]) AS row (source, external_id)
  JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.source = row.source AND o.external_id = row.external_id
UNION
SELECT c.contact_id, NULL
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s::uuid[])
   AND c.contact_id IS NOT NULL AND (c.abandoned_at IS NOT NULL OR c.order_id IS NOT NULL);
