-- Versions where rows were only ever added, so that a later reading of the raw archive can correct them (npm run rebuild -- --from).

ALTER TABLE loaded_event ADD COLUMN data_version VARCHAR(40);
COMMENT ON COLUMN loaded_event.data_version IS 'Version of what is known of the event; of a correction: with z and when it was made';
COMMENT ON COLUMN loaded_event.data_hash IS 'SHA-256 of what it says, as last read: a mended mapping reads anew';

ALTER TABLE order_status_history ADD COLUMN withdrawn BOOLEAN;
COMMENT ON COLUMN order_status_history.withdrawn IS 'True: a mended mapping took it back, leave it out; NULL: it stands (step)';
ALTER TABLE order_status_history ADD COLUMN step_version VARCHAR(40);
COMMENT ON COLUMN order_status_history.step_version IS 'Version of the step columns; the highest one stands';

ALTER TABLE model_decision ADD COLUMN decision_version VARCHAR(40);
COMMENT ON COLUMN model_decision.decision_version IS 'Version of all other columns; the highest one stands. Only decisions of sources are ever corrected';
