/** Money is decimal text in major units; every figure is per currency, currencies are never added up. */

/**
 * Gross sales = Σ unit price × quantity of product lines, on the order date. Cancelled and unpaid orders are no sales;
 * test orders never count; gift cards are a liability, not revenue.
 */
export const ordersByCurrency = `
  SELECT l.currency, COUNT(DISTINCT o.order_key) AS orders, SUM(l.quantity) AS units,
         CAST(SUM(l.unit_price * l.quantity) AS DECIMAL(18,4)) AS gross_sales
  FROM orders o
  JOIN order_product l ON l.order_key = o.order_key
  WHERE COALESCE(o.is_test, FALSE) = FALSE
    AND COALESCE(o.status, 'UNKNOWN') <> 'CANCELLED'
    AND o.payment_status IN ('PAID', 'REFUNDED', 'PARTIALLY_REFUNDED')
    AND l.line_class = 'product'
  GROUP BY l.currency
  ORDER BY l.currency`;

/** Returns by decision, with what was or will be paid back. */
export const returnsByOutcome = `
  SELECT currency, COALESCE(decision, 'PENDING') AS outcome, COUNT(*) AS returns,
         COALESCE(SUM(refund_amount), 0) AS refunded
  FROM returns
  WHERE COALESCE(is_test, FALSE) = FALSE
  GROUP BY currency, COALESCE(decision, 'PENDING')
  ORDER BY currency, outcome`;
