-- Whether any of these sources was ever heard, as far back as events are kept, and when last since an instant. Carts that
-- we send ourselves for a trial do not count.
SELECT EXISTS (SELECT FROM inbox AS i
                WHERE i.shop_id = %(shop_id)s AND i.source = ANY(%(sources)s::text[])
                  AND i.external_id NOT LIKE %(but)s),
       (SELECT i.received_at FROM inbox AS i
         WHERE i.shop_id = %(shop_id)s AND i.id >= %(since)s AND i.source = ANY(%(sources)s::text[])
           AND i.external_id NOT LIKE %(but)s
         ORDER BY i.id DESC LIMIT 1);
