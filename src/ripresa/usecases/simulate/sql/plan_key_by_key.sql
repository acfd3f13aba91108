-- A statement is planned once, and joins go key by key: of a shop that has just come to be there are no statistics, and what
-- looks like a handful of rows, cheaply hashed at every instant, is all that happened so far.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_hashjoin', 'off', false),
       set_config('enable_mergejoin', 'off', false), set_config('enable_seqscan', 'off', false);
