import { rankOf, statusGroups, tableOf, type StatusGroup } from '@orderflow/shared/domain';
import type { Order } from '@orderflow/shared/events';
import type { PayloadOf } from '@orderflow/shared/facts';
import type { StandingOrder, StandingStep } from './standing.ts';

type Update = PayloadOf<'update.settled'>;
/** What an order's event or an update claims: both have the same form here. */
export type Claims = Pick<Update, 'versions' | 'history' | 'order' | 'status' | 'payment' | 'fulfilment'>;

/** `status`: what is to stand. `withdrawn`: steps that only the old mapping saw. `unsaid`: nothing is claimed any longer. */
interface Ruling {
  readonly status: string;
  readonly withdrawn: readonly StandingStep[];
  readonly unsaid: boolean;
}

/**
 * What is to stand of one group of statuses. Steps of one sequence are the event's own and those that we have added to it
 * (CONFIRMED, a provider's word), which have times of their own. Ours stand where the event claimed the same before, or
 * where theirs is the later state.
 */
function ruling(group: StatusGroup, claimed: string, at: number, sequence: string, standing: StandingOrder): Ruling {
  const name = tableOf[group];
  const steps = standing.steps.filter((step) => step.group === name && step.sequence === sequence);
  const now = standing.groups[name];
  const ours = now?.sequence === sequence && now.status !== claimed ? now.status : undefined;
  if (steps.some(({ status }) => status === claimed)) return { status: ours ?? claimed, withdrawn: [], unsaid: false };
  const said = steps.filter((step) => step.at === at);
  const added = steps.filter((step) => step.at !== at);
  const keep = ours !== undefined && added.some(({ status }) => status === ours) && rankOf(name, ours) > rankOf(name, claimed);
  return { status: keep ? ours : claimed, withdrawn: said, unsaid: claimed === 'UNKNOWN' && said.length > 0 };
}

/** The claims with one group's status as ruled, in the update's own word and in its snapshot. */
function ruled(claims: Claims, group: StatusGroup, status: string): Claims {
  const { order, payment, fulfilment } = claims;
  const change = group === 'status' ? { status } : undefined;
  const paid = <P extends object>(of: P): P => (group === 'payment' ? { ...of, status } : of);
  const sent = <F extends object>(of: F): F => (group === 'fulfilment' ? { ...of, status } : of);
  return {
    ...claims,
    ...(claims.status === undefined ? {} : change as Pick<Order, 'status'>),
    ...(payment ? { payment: paid(payment) } : {}),
    ...(fulfilment ? { fulfilment: sent(fulfilment) } : {}),
    ...(order ? { order: { ...order, ...change as Pick<Order, 'status'>, payment: paid(order.payment), fulfilment: sent(order.fulfilment) } } : {}),
  };
}

const claimedOf = ({ order, ...own }: Claims): Readonly<Record<StatusGroup, string | undefined>> => ({
  status: own.status ?? order?.status, payment: own.payment?.status ?? order?.payment.status, fulfilment: own.fulfilment?.status ?? order?.fulfilment.status,
});

/**
 * Claims as a correction: every version with its mark, our own steps kept, and steps that only the old mapping saw taken
 * back. `at`: when the event says it was so, milliseconds. `sequence`: the source's.
 */
export function correctedClaims<C extends Claims>(claims: C, { sequence, at, mark }: { readonly sequence: string; readonly at: number; readonly mark: string }, standing: StandingOrder | undefined): C {
  let result: Claims = claims;
  const versions: Record<string, string | undefined> = { ...claims.versions };
  const history: Claims['history'][number][] = [...claims.history];
  const claimed = claimedOf(claims);
  for (const group of statusGroups) {
    const status = claimed[group];
    if (!standing || status === undefined) continue;
    const { status: stands, withdrawn, unsaid } = ruling(group, status, at, sequence, standing);
    if (stands !== status) result = ruled(result, group, stands);
    if (unsaid) versions[group] = sequence;
    for (const step of withdrawn) {
      history.push({ group: step.group, status: step.status, at: new Date(step.at).toISOString(), sequence: step.sequence, withdrawn: true });
    }
  }
  const { order } = result;
  return {
    ...result,
    versions: Object.fromEntries(Object.entries(versions).flatMap(([group, version]) => (version === undefined ? [] : [[group, `${version}${mark}`]]))),
    history,
    ...(order && standing?.historical && !order.historical ? { order: { ...order, historical: true } } : {}),
  } as C;
}
