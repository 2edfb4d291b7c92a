import type { CanonicalEvent } from '@orderflow/shared/events';

/** What comes out of a file is history, told to nobody, unless the file was dropped as live. */
export function asHistory(event: CanonicalEvent): CanonicalEvent {
  switch (event.type) {
    case 'order.created':
      return { ...event, data: { order: { ...event.data.order, historical: true } } };
    case 'return.requested':
      return { ...event, data: { return: { ...event.data.return, historical: true } } };
    case 'adjustment.recorded':
      return { ...event, data: { adjustment: { ...event.data.adjustment, historical: true } } };
    default:
      return event;
  }
}
