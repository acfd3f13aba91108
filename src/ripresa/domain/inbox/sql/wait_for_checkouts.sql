-- One at a time looks whether a checkout is known, and stores what it brought: two ways of hearing don't pass each other.
SELECT pg_advisory_xact_lock(1918987634, (%(shop_id)s %% 2147483647)::int);
