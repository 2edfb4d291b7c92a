-- Who is charged for a refund: returns.seller_refund is the sum, this says whose.

ALTER TABLE model_decision ADD COLUMN seller_charges VARCHAR(16384);
COMMENT ON COLUMN model_decision.seller_charges IS 'What of the amount each seller is charged, minor units by the name of the seller, JSON. NULL: none is charged (decision)';
