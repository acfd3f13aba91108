-- What is known of each of those rows: the first row with the same code, and the pool that has it already.
CREATE TEMPORARY TABLE coupon_verdict (row bigint NOT NULL, id uuid NOT NULL, code text NOT NULL, expires_at timestamptz,
                                       first_row bigint NOT NULL, known_in uuid);
