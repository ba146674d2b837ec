-- Which state of a door or a region somebody has read, so that a change says what it changes. A program of before changes them
-- without counting.
ALTER TABLE doors ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE regions ADD COLUMN version {int} NOT NULL DEFAULT 1;
