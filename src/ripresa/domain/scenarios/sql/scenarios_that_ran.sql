-- Which scenarios have taken some carts up before; one that was only waiting for its idle time has not.
SELECT DISTINCT cart_id, scenario_id
  FROM recovery
 WHERE shop_id = %(shop_id)s AND cart_id = ANY(%(cart_ids)s) AND taken_up_at IS NOT NULL;
