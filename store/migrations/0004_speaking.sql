-- As what a session's person signed in; NULL where it was opened before this was known.
ALTER TABLE sessions ADD COLUMN kind {text};
