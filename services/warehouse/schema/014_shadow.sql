-- The second model's answer beside the one that counted: compared before it takes over.

ALTER TABLE model_decision ADD COLUMN shadow VARCHAR(4096);
COMMENT ON COLUMN model_decision.shadow IS 'What a second model said of the same words and facts and what it would have led to, JSON; never used. NULL: none was asked, or it did not answer (decision)';
