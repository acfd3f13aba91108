-- The turn of take_turn.sql, waited for: nothing of this shop is folded until the transaction ends.
SELECT pg_advisory_xact_lock(1918987632, (%(shop_id)s %% 2147483647)::int);
