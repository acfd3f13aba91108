-- How many would go: see drop_files.sql.
WITH old AS (
    SELECT id FROM file_import WHERE shop_id = %(shop_id)s AND id < %(floor)s AND state <> 'running'
)
SELECT (SELECT count(*) FROM file_problem WHERE shop_id = %(shop_id)s AND import_id IN (SELECT id FROM old))
     + (SELECT count(*) FROM file_piece WHERE shop_id = %(shop_id)s AND import_id IN (SELECT id FROM old));
