-- The carts of these ids with their people, as export_carts tells them.
SELECT c.id, c.source, c.token, c.checkout_id, c.state, c.kind, p.email, p.phone, p.customer_id, c.currency, c.total_minor,
       array_to_string(ARRAY(SELECT concat(item ->> 'quantity', ' x ', coalesce(nullif(item ->> 'title', ''), item ->> 'product'))
                               FROM jsonb_array_elements(c.items) AS item), '; '),
       c.device, c.begun_at, c.left_at, c.abandoned_at, c.ended_at, c.cause
  FROM cart AS c
  LEFT JOIN contact AS p ON p.shop_id = c.shop_id AND p.id = c.contact_id
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(ids)s::uuid[]);
