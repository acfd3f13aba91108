-- The keys of orders not yet folded: hand-over looks here (promise 1).
INSERT INTO pending_order_key (shop_id, key, inbox_id)
SELECT %(shop_id)s, key, inbox_id FROM unnest(%(keys)s::text[], %(ids)s::uuid[]) AS row (key, inbox_id)
    ON CONFLICT DO NOTHING;
