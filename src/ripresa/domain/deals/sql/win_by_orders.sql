-- Deals that an order wins (AGT-2). `carts` were ended by one: it wins the latest deal about them, a lost one too.
-- And who orders otherwise wins the open deals about her carts that lay empty or had expired when she did.
WITH ended AS (
    SELECT DISTINCT ON (d.cart_id) d.id, c.order_id
      FROM cart AS c
      JOIN deal AS d ON d.shop_id = c.shop_id AND d.cart_id = c.id
     WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s::uuid[]) AND c.order_id IS NOT NULL
     ORDER BY d.cart_id, d.closed_at IS NULL DESC, d.opened_at DESC, d.id DESC
), idle AS (
    SELECT DISTINCT ON (d.id) d.id, o.id AS order_id
      FROM unnest(%(sources)s::text[], %(external_ids)s::text[]) AS row (source, external_id)
      JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.source = row.source
                          AND o.external_id = row.external_id
      JOIN deal AS d ON d.shop_id = o.shop_id AND d.contact_id = o.contact_id AND d.closed_at IS NULL
      JOIN cart AS c ON c.shop_id = d.shop_id AND c.id = d.cart_id
     WHERE c.state IN ('emptied', 'expired') AND o.placed_at >= c.abandoned_at
       AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
     ORDER BY d.id, o.placed_at, o.id
), held AS (
    -- An order that names a cart alone comes without its person's lock: an agent may be at it this moment.
    SELECT d.id, d.stage_id, d.outcome, won.order_id
      FROM (SELECT * FROM ended UNION SELECT * FROM idle) AS won
      JOIN deal AS d ON d.shop_id = %(shop_id)s AND d.id = won.id
     ORDER BY d.id
       FOR UPDATE OF d
)
UPDATE deal AS d
   SET outcome = 'won', closed_at = %(now)s, stage_id = %(stage_id)s::uuid, order_id = held.order_id
  FROM held
  JOIN stage AS s ON s.shop_id = %(shop_id)s AND s.id = held.stage_id
 WHERE d.shop_id = %(shop_id)s AND d.id = held.id AND held.outcome IS DISTINCT FROM 'won'
RETURNING d.id, s.key;
