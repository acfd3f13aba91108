-- Let an address rest until an instant, or for good where that is null. Other causes stay.
INSERT INTO suppression AS s (shop_id, id, channel, address, cause, detail, until, created_at)
VALUES (%(shop_id)s, %(id)s, %(channel)s, %(address)s, 'soft_bounces', %(detail)s, %(until)s, %(now)s)
    ON CONFLICT (shop_id, channel, address) DO UPDATE
   SET until = excluded.until, detail = excluded.detail
 WHERE s.cause = 'soft_bounces';
