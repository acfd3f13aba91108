-- What was given back so far, in the order's own currency; never more than was paid.
UPDATE shop_order AS o
   SET refunded_minor = LEAST(o.total_minor, sums.amount)
  FROM (SELECT r.source, r.order_external_id, r.currency, sum(r.amount_minor) AS amount
          FROM refund AS r
         WHERE r.shop_id = %(shop_id)s
           AND (r.source, r.order_external_id) IN (
               SELECT * FROM unnest(%(sources)s::text[], %(external_ids)s::text[]))
         GROUP BY r.source, r.order_external_id, r.currency) AS sums
 WHERE o.shop_id = %(shop_id)s AND o.source = sums.source AND o.external_id = sums.order_external_id
   AND o.currency = sums.currency;
