-- How many would go: see drop_audit.sql.
SELECT count(*) FROM audit_entry WHERE shop_id = %(shop_id)s AND id < %(floor)s;
