-- The day that a refresh was made as of: today, or one that was asked for.

ALTER TABLE insight_run ADD COLUMN as_of DATE;
COMMENT ON COLUMN insight_run.as_of IS 'Day that all of it is as of, UTC: what the API takes for today';
