INSERT INTO order_key (shop_id, key, order_id)
SELECT %(shop_id)s, key, order_id FROM unnest(%(keys)s::text[], %(order_ids)s::uuid[]) AS row (key, order_id)
    ON CONFLICT DO NOTHING;
