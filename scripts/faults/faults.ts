import type { Fault, Missing } from './fault.ts';
import { reportedFailures } from './stream/reported-failures.ts';
import { delivery } from './stream/delivery.ts';
import { crashes } from './workflows/crashes.ts';
import { notices } from './notices/notices.ts';
import { security } from './security/security.ts';
import { flood } from './security/flood.ts';
import { insights } from './insights/insights.ts';
import { loads } from './warehouse/loads.ts';
import { failures } from './workflows/failures.ts';
import { returns } from './workflows/returns.ts';
import { watcher } from './watcher/watcher.ts';
import { orderOfEvents } from './workflows/order-of-events.ts';
import { durability } from './intake/durability.ts';
import { polls } from './intake/polls.ts';
import { repeats } from './intake/repeats.ts';
import { signatures } from './intake/signatures.ts';
import { unreadable } from './intake/unreadable.ts';
import { values } from './intake/values.ts';

const rank = (number: string): number => Number.parseInt(number, 10) * 100 + (number.at(-1)?.charCodeAt(0) ?? 0) * Number(/[a-z]$/.test(number));

/** Every fault that can be played, in the order of FAULTS.md. A new one is added to the list of its group. */
export const faults: readonly Fault[] = [...repeats, ...signatures, ...unreadable, ...values, ...durability, ...polls, ...delivery, ...reportedFailures, ...orderOfEvents, ...crashes, ...failures, ...returns, ...watcher, ...notices, ...loads, ...insights, ...security, ...flood]
  .sort((a, b) => rank(a.number) - rank(b.number));

/** Faults whose part of the product is not there yet. */
export const missing: readonly Missing[] = [];
