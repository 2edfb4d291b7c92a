import { accountsOf } from '@orderflow/shared/accounts';
import { sources } from '../sources/registry.ts';
import { doorsOf, type Door } from './doors.ts';
import { forgersAt, remoteAddress } from './forgers.ts';

const doors = doorsOf(sources, accountsOf('local'), 0, 0);
const [first, second] = [doors('canonical', 'default'), doors('canonical', 'shop2')] as [Door, Door];

describe('forgers', () => {
  it('are turned away by address and door, and come back in time', () => {
    const forgers = forgersAt({ perSecond: 1, burst: 2 });
    expect(forgers.wait(first, 'a', 0)).toBe(0);
    forgers.failed(first, 'a', 0);
    forgers.failed(first, 'a', 0);
    expect([forgers.wait(first, 'a', 0), forgers.wait(first, 'b', 0), forgers.wait(second, 'a', 0), forgers.wait(first, 'a', 1_000)]).toEqual([1, 0, 0, 0]);
  });

  it('do not fill the memory with addresses: the oldest is forgotten', () => {
    const forgers = forgersAt({ perSecond: 1, burst: 1 });
    for (let n = 0; n <= 10_000; n++) forgers.failed(first, `address ${n}`, 0);
    expect([forgers.wait(first, 'address 0', 0), forgers.wait(first, 'address 1', 0), forgers.wait(first, 'address 10000', 0)]).toEqual([0, 1, 1]);
  });
});

describe('remoteAddress', () => {
  const socket = { remoteAddress: '10.0.0.1' };
  it.each([
    ['without a balancer the connection says it', false, '9.9.9.9', '10.0.0.1'], ['behind one, what it wrote last', true, '1.1.1.1, 9.9.9.9', '9.9.9.9'],
    ['behind one that wrote nothing, the connection', true, undefined, '10.0.0.1'],
  ])('%s', (_, behind, forwarded, address) => {
    expect(remoteAddress({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket }, behind)).toBe(address);
  });
});

describe('doors', () => {
  it('have the limit of their source, else that of the stage, and none for 0', () => {
    const [canonical] = sources.filter(({ name }) => name === 'canonical');
    const some = canonical ? [{ ...canonical, mostPerSecond: 1 }] : [];
    const door = doorsOf(some, accountsOf('local'), 1_000, 0)('canonical', 'default') as Door;
    expect([door.allowance?.take(0), door.allowance?.take(0), door.allowance?.take(0)]).toEqual([true, true, false]);
    expect((doorsOf(some.map((one) => ({ ...one, mostPerSecond: 0 })), accountsOf('local'), 1_000, 0)('canonical', 'default') as Door).allowance).toBeUndefined();
    expect(first.allowance).toBeUndefined();
  });
});
