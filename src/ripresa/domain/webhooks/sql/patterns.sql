-- Whoever is paused or switched off still gets what happens meanwhile, once it is on again.
SELECT id, patterns FROM webhook_endpoint WHERE shop_id = %(shop_id)s ORDER BY id;
