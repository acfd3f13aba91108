-- With their deliveries and calls. What still waits goes too: an endpoint that was silent for so long hears no more of it.
WITH old AS (
    SELECT id FROM webhook_event WHERE shop_id = %(shop_id)s AND id < %(floor)s LIMIT %(limit)s
), calls AS (
    DELETE FROM webhook_attempt WHERE shop_id = %(shop_id)s AND event_id IN (SELECT id FROM old)
), deliveries AS (
    DELETE FROM webhook_delivery WHERE shop_id = %(shop_id)s AND event_id IN (SELECT id FROM old)
), gone AS (
    DELETE FROM webhook_event WHERE shop_id = %(shop_id)s AND id IN (SELECT id FROM old)
    RETURNING 1)
SELECT count(*) FROM gone;
