-- The address that a code changes its person's address to; of the other purposes' codes nothing.
ALTER TABLE tickets ADD COLUMN email {text};
