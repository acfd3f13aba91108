-- What a key may do, and for which shop. The key itself is stored nowhere, only its SHA-256.
SELECT key.id, key.kind, key.source, key.rate_per_second, shop.hosts, shop.collect_enabled,
       CASE WHEN 'popup' = ANY(shop.features_off || shop.features_withheld) THEN NULL
            ELSE (shop.popup -> 'page')::text END
  FROM access_key AS key
  JOIN shop ON shop.id = key.shop_id
 WHERE key.shop_id = %(shop_id)s
   AND key.digest = %(digest)s
   AND key.revoked_at IS NULL;
