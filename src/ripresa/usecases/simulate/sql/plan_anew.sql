-- The shop has grown: what was right for a few rows is right no more.
DISCARD PLANS;
