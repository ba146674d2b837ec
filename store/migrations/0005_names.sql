-- Names as they are searched and ordered by: in lower case, written by the program. This folds ASCII only; the rest of a
-- name that was here before is folded when its person next changes.
ALTER TABLE people ADD COLUMN name_key {text} NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN known_as_key {text} NOT NULL DEFAULT '';
UPDATE people SET name_key = lower(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))),
  known_as_key = lower(coalesce(known_as, ''));
