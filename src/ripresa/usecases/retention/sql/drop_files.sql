-- What was wrong in the rows of old imports, and files that nobody went on with. An import that runs keeps its own.
WITH old AS (
    SELECT id FROM file_import WHERE shop_id = %(shop_id)s AND id < %(floor)s AND state <> 'running'
), problems AS (
    DELETE FROM file_problem
     WHERE shop_id = %(shop_id)s
       AND id IN (SELECT p.id FROM file_problem AS p JOIN old ON old.id = p.import_id
                   WHERE p.shop_id = %(shop_id)s
                   LIMIT %(limit)s)
    RETURNING 1
), pieces AS (
    DELETE FROM file_piece
     WHERE shop_id = %(shop_id)s AND import_id IN (SELECT id FROM old)
    RETURNING 1)
SELECT (SELECT count(*) FROM problems) + (SELECT count(*) FROM pieces);
