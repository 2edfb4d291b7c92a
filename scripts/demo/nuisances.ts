import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { demoOf, type Channel } from './channels.ts';
import type { Delivery } from './delivery.ts';
import { besides, randomOf, saleIn, type World } from './sale.ts';
import { idsOf } from './says.ts';

export type Draft = Omit<Delivery, 'n'>;

const nth = (channels: readonly Channel[], n: number): Channel | undefined => channels[n % channels.length];
const isSigned = ({ source }: Channel): boolean => {
  const scheme = findSource(source)?.verify;
  return scheme !== undefined && scheme !== 'not-http' && !('unsigned' in scheme);
};

/** What every intake meets besides good news: forgeries, spoilt bodies, pings. */
export function nuisances(world: World, n: number): Draft[] {
  const r = randomOf(world)('nuisance', n);
  const many: Draft[] = [];
  const signing = nth(world.channels.filter(isSigned), Math.floor(n / 30));
  if (signing && n % 30 === 7) {
    const sale = saleIn(world, signing, n);
    const serial = besides(sale.serial);
    const { source, account } = signing;
    const id = demoOf(signing).orderId?.(serial) ?? serial;
    const message = demoOf(signing).ordered?.({ ...sale, serial, id }, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 }, { delivery: `${sale.serial}91`, account });
    if (message) many.push({ kind: 'bad-signature', source, account, id: `${sale.serial}91`, ...message, says: [], ids: [] });
  }
  const home = world.channels.find(({ source }) => source === 'canonical');
  if (home && n % 100 === 23) {
    const sale = saleIn(world, home, n);
    const { source, account } = home;
    const whole = demoOf(home).ordered?.(sale, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 }, { delivery: `${sale.serial}92`, account });
    if (whole) {
      const spoilt = { headers: whole.headers, body: whole.body.slice(0, r.whole(20, 200)) };
      many.push({ kind: 'unreadable', source, account, id: `${sale.serial}92`, ...spoilt, says: [{ type: 'intake.rejected', key: `${sale.serial}92` }], ids: idsOf(spoilt, home, 1) });
    }
  }
  const pinging = nth(world.channels.filter((channel) => demoOf(channel).pinged), Math.floor(n / 20));
  if (pinging && n % 20 === 11) {
    const { source, account } = pinging;
    const { serial } = saleIn(world, pinging, n);
    const message = demoOf(pinging).pinged?.({ delivery: `${serial}93`, account });
    if (message) many.push({ kind: 'ping', source, account, id: `${serial}93`, ...message, says: [], ids: [] });
  }
  return many;
}
