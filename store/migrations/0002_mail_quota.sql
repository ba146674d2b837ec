-- Counting a pool's mails of the last hour reads those that were caused, and none of the many that a stranger's questions
-- leave behind as dropped.
CREATE INDEX mails_by_pool ON mails (pool, state, id);
