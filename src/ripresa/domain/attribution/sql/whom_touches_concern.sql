-- People behind keys and orders; of an order of nobody, the day on which it was placed.
SELECT k.contact_id, NULL::date
  FROM contact_key AS k WHERE k.shop_id = %(shop_id)s AND k.key = ANY(%(keys)s::text[])
UNION
SELECT o.contact_id, CASE WHEN o.contact_id IS NULL THEN (o.placed_at AT TIME ZONE s.timezone)::date END
  FROM shop AS s
  JOIN shop_order AS o ON o.shop_id = s.id
 WHERE s.id = %(shop_id)s AND o.external_id = ANY(%(orders)s::text[]) AND o.placed_at IS NOT NULL;
