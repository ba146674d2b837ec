-- Whoever wanted digests before there were any begins at the first round. A program of before, which still serves, notes nobody
-- here; they begin when they are changed next.
INSERT INTO digests (pool, person, due_at, told_until)
  SELECT pool, id, 0, 0 FROM people
  WHERE status = 'active' AND (notifications LIKE '%"morning":true%' OR notifications LIKE '%"evening":true%');
