-- Which scenarios have run for some carts before; one that was skipped from the start has not.
SELECT DISTINCT cart_id, scenario_id
  FROM recovery
 WHERE shop_id = %(shop_id)s AND cart_id = ANY(%(cart_ids)s) AND state <> 'skipped';
