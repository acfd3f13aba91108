-- Entries of the audit log, the oldest of the shop first.
WITH gone AS (
    DELETE FROM audit_entry
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT id FROM audit_entry WHERE shop_id = %(shop_id)s AND id < %(floor)s ORDER BY id LIMIT %(limit)s)
    RETURNING 1)
SELECT count(*) FROM gone;
