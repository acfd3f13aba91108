-- Orders of a shop with their people, in the order of their ids. One that is known by its cancellation alone is none.
SELECT o.id, o.source, o.external_id, o.number, o.placed_at, p.email, p.phone, p.customer_id, o.currency, o.total_minor,
       o.discount_minor, o.tax_minor, o.shipping_minor, o.refunded_minor, array_to_string(o.discount_codes, ','),
       o.origin, CASE WHEN o.is_test THEN 'test' ELSE '' END, o.cancelled_at
  FROM shop_order AS o
  LEFT JOIN contact AS p ON p.shop_id = o.shop_id AND p.id = o.contact_id
 WHERE o.shop_id = %(shop_id)s AND o.placed_at IS NOT NULL AND o.id > %(after)s
 ORDER BY o.id
 LIMIT %(most)s;
