-- Deals won by orders that have been cancelled or wholly refunded since, where the log does not say so yet.
SELECT d.id
  FROM unnest(%(sources)s::text[], %(external_ids)s::text[]) AS row (source, external_id)
  JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.source = row.source
                      AND o.external_id = row.external_id
  JOIN deal AS d ON d.shop_id = o.shop_id AND d.order_id = o.id
 WHERE (o.cancelled_at IS NOT NULL OR o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor)
   AND NOT EXISTS (SELECT 1 FROM deal_activity AS a
                    WHERE a.shop_id = d.shop_id AND a.deal_id = d.id AND a.kind = 'order_cancelled');
