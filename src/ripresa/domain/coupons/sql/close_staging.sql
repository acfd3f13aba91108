-- The session may serve others next.
DROP TABLE IF EXISTS coupon_row, coupon_verdict;
