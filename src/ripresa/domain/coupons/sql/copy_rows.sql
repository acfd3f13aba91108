-- Rows of a file on their way in.
COPY coupon_row (row, id, code, expires_at) FROM STDIN;
