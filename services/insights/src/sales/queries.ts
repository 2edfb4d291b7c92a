/** Money is decimal text in major units; every figure is per currency, currencies are never added up. */

/** Of all days that have been summed; sales are those of `sales_line`. */
export const ordersByCurrency = `
  SELECT currency, SUM(orders) AS orders, SUM(units) AS units, CAST(SUM(gross) AS DECIMAL(18,4)) AS gross_sales
  FROM day_sum WHERE measured = 'sales' GROUP BY currency ORDER BY currency`;

/** Returns by decision, with what was or will be paid back. */
export const returnsByOutcome = `
  SELECT currency, COALESCE(decision, 'PENDING') AS outcome, COUNT(*) AS returns,
         COALESCE(SUM(refund_amount), 0) AS refunded
  FROM returns
  WHERE COALESCE(is_test, FALSE) = FALSE
  GROUP BY currency, COALESCE(decision, 'PENDING')
  ORDER BY currency, outcome`;
