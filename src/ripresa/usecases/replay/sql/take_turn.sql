-- One replay of a shop at a time. Whoever is killed lets go of it with the session, and another takes up.
SELECT pg_try_advisory_xact_lock(1918987635, (%(shop_id)s %% 2147483647)::int);
