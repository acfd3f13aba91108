-- A call of a provider or a shop, as it came in. It is read later.
INSERT INTO provider_call (shop_id, id, account_id, method, target, headers, body, received_at, due_at, detail)
VALUES (%(shop_id)s, %(id)s, %(row_id)s, %(method)s, %(target)s, %(headers)s::jsonb, %(body)s, %(received_at)s,
        %(received_at)s, '');
