-- Carts that could still be folded anew are younger than this.
WITH gone AS (
    DELETE FROM cart_activity
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM cart_activity
                      WHERE shop_id = %(shop_id)s AND id < %(floor)s AND occurred_at < %(cutoff)s
                      LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
