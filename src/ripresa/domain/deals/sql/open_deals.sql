-- Deals for carts that have none open. What a person closed since the cart was abandoned stays closed.
INSERT INTO deal (shop_id, id, cart_id, contact_id, agent_id, stage_id, value_minor, currency, opened_at)
SELECT %(shop_id)s, row.id, row.cart_id, row.contact_id, row.agent_id, row.stage_id, row.value_minor,
       row.currency, %(now)s
  FROM unnest(%(ids)s::uuid[], %(cart_ids)s::uuid[], %(contact_ids)s::uuid[], %(agent_ids)s::uuid[],
              %(stage_ids)s::uuid[], %(values_minor)s::bigint[], %(currencies)s::text[])
       AS row (id, cart_id, contact_id, agent_id, stage_id, value_minor, currency)
  JOIN cart AS c ON c.shop_id = %(shop_id)s AND c.id = row.cart_id
 WHERE NOT EXISTS (SELECT 1 FROM deal AS d
                    WHERE d.shop_id = %(shop_id)s AND d.cart_id = row.cart_id
                      AND d.closed_at >= c.abandoned_at)
    ON CONFLICT (shop_id, cart_id) WHERE closed_at IS NULL DO NOTHING
RETURNING id, cart_id;
