import { accountsOf, findAccount, type Account } from '@orderflow/shared/accounts';
import { readJson } from '../../services/ingest/src/convert/index.ts';
import { interpret } from '../../services/ingest/src/intake/interpret.ts';
import { bytesOf } from '../../services/ingest/src/poll-source/take-items.ts';
import type { Notice } from '../../services/ingest/src/sources/api.ts';
import type { DemoFetched, DemoMessage, DemoState } from '../../services/ingest/src/sources/demo.ts';
import { demos } from '../../services/ingest/src/sources/demos.ts';
import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { noon } from '../../services/ingest/src/testing/memory.ts';
import { addressBelow } from '../../services/ingest/src/vendor/address.ts';
import { fetchItem } from '../../services/ingest/src/vendor/fetch-item.ts';
import type { VendorPort } from '../../services/ingest/src/vendor/port.ts';
import { idAsked, standInVendors, type StandInVendor } from '../local/vendors.ts';
import { speakingChannels } from './channels.ts';
import { signedRequest } from './request.ts';
import { besides, saleIn, type Sale } from './sale.ts';

const accounts = accountsOf('local');
const hour = 3_600_000;
const world = { seed: 5, epoch: noon, onlyOrders: false, placedAt: (n: number) => noon - 20 * hour + n * 60_000 };

/** The vendor's stand-in with one item in its store. */
function vendorWith({ id, body }: DemoFetched, vendor: StandInVendor): VendorPort {
  return {
    async get(_source, _account, path) {
      expect(addressBelow('https://vendor.example', path)).toBeDefined();
      expect(idAsked(vendor, path)).toBe(id);
      return { status: 'ok', body: Buffer.from(vendor.answer?.(body, path) ?? body) };
    },
  };
}

/** What the story of a sale has fetched. */
function messagesOf(sale: Sale): readonly DemoMessage[] {
  const demo = demos[sale.channel.source];
  const state: DemoState = { payment: sale.payment, fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 };
  const telling = { delivery: `${sale.serial}01`, account: sale.channel.account };
  const line = sale.lines[0] as Sale['lines'][number];
  const back = { id: besides(sale.serial), at: sale.placedAt + hour, line, amount: line.total, reason: 'damaged', comment: 'It arrived broken.' };
  const changes = (demo?.tells ?? []).map((change) => demo?.changed?.(sale, { payment: 'PAID', fulfilment: change === 'PAID' ? 'UNFULFILLED' : change, at: sale.placedAt + hour, version: 2 }, telling));
  return [demo?.ordered?.(sale, state, telling), ...changes, demo?.returned?.(sale, back, telling)].filter((message) => message?.fetched !== undefined) as readonly DemoMessage[];
}

const fetched = Object.keys(demos).filter((source) => findSource(source)?.api && speakingChannels(accounts).some((channel) => channel.source === source));

describe.each(fetched)('what is fetched from %s', (name) => {
  const source = findSource(name);
  const vendor = standInVendors[name];
  const [channel] = speakingChannels(accounts).filter((one) => one.source === name);
  if (!source?.api || !vendor || !channel) throw new Error(`${name} has no API, or nobody speaks for it`);
  const account = findAccount(accounts, name, channel.account) as Account;
  const { notice: asked, poll } = source.api;
  const messages = Array.from({ length: 6 }, (_, n) => saleIn(world, channel, n)).flatMap(messagesOf);
  const told = messages.filter(({ body }) => body !== '');
  const wholeOf = async (found: DemoFetched, notice: Notice): Promise<string | undefined> => {
    const answer = asked && await fetchItem(asked, notice, account, vendorWith(found, vendor));
    return answer?.status === 'ok' ? Buffer.from(answer.body).toString('utf8') : answer?.status;
  };

  if (told.length > 0) {
    it('is what its notice names, byte for byte', async () => {
      for (const message of told) {
        const request = signedRequest(message, { source: name, account: account.account, base: 'https://hooks.example' }, noon);
        const [event] = interpret({ ...request, source: name, account: account.account, receivedAt: noon }, { source, account, accounts }).events;
        expect(event?.type).toBe('source.notified');
        if (event?.type === 'source.notified' && message.fetched) expect(await wholeOf(message.fetched, event.data.notice)).toBe(message.fetched.body);
      }
    });
  }

  if (poll && demos[name]?.polled) {
    it('is what a poll finds, page by page, byte for byte', async () => {
      const { list } = vendor;
      if (!list) throw new Error(`the stand-in of ${name} lists nothing`);
      const orders = messages.flatMap((message) => (message.fetched ? [message.fetched] : []));
      const [one] = orders;
      if (!one) throw new Error(`the demo of ${name} tells nothing`);
      const window = { from: new Date(noon - 24 * hour).toISOString(), to: new Date(noon).toISOString() };
      const query = (page?: string) => {
        const path = poll.path(window, page, account);
        expect(addressBelow('https://vendor.example', path)).toBeDefined();
        expect(path.split('?')[0]).toMatch(list.path);
        const read = list.asked(new URL(path, 'https://vendor.example').searchParams);
        if (typeof read === 'string') throw new Error(read);
        return read;
      };
      const first = query();
      // the whole window is asked for; more than that is no harm
      expect([Date.parse(first.from) <= Date.parse(window.from) + 1_000, Date.parse(first.to) >= Date.parse(window.to) - 60_000, first.offset]).toEqual([true, true, 0]);
      const seen: string[] = [];
      const read = (items: readonly DemoFetched[], next: typeof first | undefined, at: typeof first, named?: string) =>
        poll.read(readJson(Buffer.from(list.page(items.map(({ body }) => body), next, at))), named);
      // a full page, and a second one after it
      const page = read(Array.from({ length: list.pageSize }, () => one), { ...first, offset: list.pageSize }, first);
      expect(page.next).toBeDefined();
      expect(query(page.next)).toMatchObject({ offset: list.pageSize });
      expect(read([one], undefined, query(page.next), page.next).next).toBeUndefined();
      for (const order of orders) {
        for (const item of read([order], undefined, first).items) seen.push(poll.names ? await wholeOf(order, poll.names(item)) ?? '' : Buffer.from(bytesOf(item)).toString('utf8'));
      }
      expect(seen).toEqual(orders.map(({ body }) => body));
      expect(orders.every(({ body }) => !Number.isNaN(Date.parse(list.modified(JSON.parse(body) as Record<string, unknown>))))).toBe(true);
    });
  }
});
