-- Two tables of this session's own, which may have served others before. They keep over commits: whoever asks for them may
-- think. First the rows of a file; then what is known of each: the first row with the same code, the pool that has it.
DROP TABLE IF EXISTS coupon_row, coupon_verdict;
CREATE TEMPORARY TABLE coupon_row (row bigint NOT NULL, id uuid NOT NULL, code text NOT NULL, expires_at timestamptz);
CREATE TEMPORARY TABLE coupon_verdict (row bigint NOT NULL, id uuid NOT NULL, code text NOT NULL, expires_at timestamptz,
                                       first_row bigint NOT NULL, known_in uuid);
