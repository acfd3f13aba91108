-- See plan_key_by_key.sql.
SELECT set_config(name, reset_val, false)
  FROM pg_settings
 WHERE name IN ('plan_cache_mode', 'enable_hashjoin', 'enable_mergejoin', 'enable_seqscan');
