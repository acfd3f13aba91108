-- One fold a shop at a time: then folds of a shop can't deadlock, and different shops don't wait for each other.
SELECT pg_try_advisory_xact_lock(1918987632, (%(shop_id)s %% 2147483647)::int);
