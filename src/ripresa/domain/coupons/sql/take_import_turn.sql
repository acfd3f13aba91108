-- One import a shop at a time: two files with the same codes in another order would wait for each other.
SELECT pg_advisory_xact_lock(1918987633, (%(shop_id)s %% 2147483647)::int);
