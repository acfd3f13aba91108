-- Note the keys of orders that are stored but not yet folded: hand-over looks here before it writes
-- to anybody (promise 1). In the transaction that stores the orders, or a mail could slip in between.
INSERT INTO pending_order_key (shop_id, key, inbox_id)
SELECT shop_id, key, inbox_id
  FROM unnest(%b::bigint[], %b::text[], %b::uuid[]) AS pending (shop_id, key, inbox_id);
