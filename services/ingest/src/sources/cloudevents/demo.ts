import type { Demo, DemoMessage, Telling } from '../demo.ts';
import { demo as canonical } from '../canonical/demo.ts';

/** A canonical message as a CloudEvent: every third in binary mode, the others structured. */
function cloudEvent({ headers, body, ...more }: DemoMessage, { delivery, account }: Telling): DemoMessage {
  const { type, timestamp, data } = JSON.parse(body) as { type: string; timestamp: string; data: unknown };
  const attributes = { specversion: '1.0', id: `ce-${delivery}`, source: `https://${account}.example.com/orders`, type, time: timestamp };
  if (Number(delivery.slice(-5)) % 3 === 0) {
    const binary = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
    return { ...more, headers: { ...headers, ...binary }, body: JSON.stringify(data) };
  }
  return { ...more, headers: { ...headers, 'content-type': 'application/cloudevents+json' }, body: JSON.stringify({ ...attributes, datacontenttype: 'application/json', data }) };
}

const { ordered, changed, returned, reviewed, tells = [] } = canonical;

export const demo: Demo = {
  currencies: ['EUR'],
  tells,
  ...(ordered && { ordered: (sale, state, telling) => cloudEvent(ordered(sale, state, telling), telling) }),
  ...(changed && { changed: (sale, state, telling) => cloudEvent(changed(sale, state, telling), telling) }),
  ...(returned && { returned: (sale, back, telling) => cloudEvent(returned(sale, back, telling), telling) }),
  ...(reviewed && { reviewed: (sale, review, telling) => cloudEvent(reviewed(sale, review, telling), telling) }),
  batched: (messages, { delivery }) => ({
    headers: { 'content-type': 'application/cloudevents-batch+json', 'webhook-id': `msg_${delivery}` }, body: `[${messages.map(({ body }) => body).join(',')}]`,
  }),
  pinged: ({ delivery }) => ({
    headers: { 'content-type': 'application/cloudevents+json', 'webhook-id': `msg_${delivery}` },
    body: JSON.stringify({ specversion: '1.0', id: `ce-${delivery}`, source: 'https://default.example.com/orders', type: 'com.example.heartbeat' }),
  }),
};
