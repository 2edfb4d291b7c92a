-- Which entry of the merchant's policy a rule came from: the same rule may be set for a category, a seller, a country, an account.

ALTER TABLE model_decision ADD COLUMN rule_source VARCHAR(512);
COMMENT ON COLUMN model_decision.rule_source IS 'Entry of the return policy that the rule is from, by its name or its conditions. NULL: no entry decided (decision)';
