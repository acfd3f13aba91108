-- A table of this session's own for the rows of a file. It keeps them over commits: whoever asks for them may think.
CREATE TEMPORARY TABLE coupon_row (row bigint NOT NULL, id uuid NOT NULL, code text NOT NULL, expires_at timestamptz);
