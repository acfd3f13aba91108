-- How often this transaction has decided something or changed an abandonment: told by the server's own counters, for
-- counting the rows would take longer with every one of them.
SELECT sum(pg_stat_get_xact_tuples_inserted(name::regclass) + pg_stat_get_xact_tuples_updated(name::regclass)
           + pg_stat_get_xact_tuples_deleted(name::regclass))
  FROM (VALUES ('decision'), ('abandonment')) AS counted (name);
