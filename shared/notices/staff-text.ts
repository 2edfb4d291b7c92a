import { formatMoney } from './format.ts';
import { subjectOf, type StaffMessage } from './staff-message.ts';

const bodyOf = (message: StaffMessage): string[] => {
  switch (message.schema) {
    case 'orderflow.packaging.v1':
      return [
        ...message.lines.map((line) => `${line.quantity} x ${line.name ?? line.sku ?? line.productId ?? line.lineId}`),
        ...(message.linesOmitted > 0 ? [`... and ${message.linesOmitted} more lines: see the order`] : []),
      ];
    case 'orderflow.shipping.v1':
      return [`Packed (${message.fulfilment}): hand it to the carrier.`];
    case 'orderflow.review.v1':
      return [
        `Why a person is asked: ${message.rule}`,
        ...(message.modelOpinion === undefined ? [] : [`The model would say: ${message.modelOpinion}`]),
        ...(message.amount === undefined || message.currency === undefined ? [] : [`Amount: ${formatMoney(message.amount, message.currency)}`]),
        '',
        `Answer: ${message.command}`,
      ];
    case 'orderflow.alert.v1':
      return message.groups.flatMap((group) => [
        `${group.code} (${group.state}): ${group.count}${group.oldestMinutes === undefined ? '' : `, oldest ${group.oldestMinutes} min`}`,
        ...group.examples.map((example) => `  ${example}`),
        `  What to do: ${group.action}`,
        '',
      ]);
  }
};

/** A staff message as mail subscribers of its topic read it. */
export const staffText = (message: StaffMessage): string =>
  [subjectOf(message), '', ...(message.orderKey === undefined ? [] : [`Order: ${message.orderKey}`]), ...bodyOf(message), '', `At ${message.at}`].join('\n');
