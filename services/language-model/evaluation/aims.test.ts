import { drops, flat, judge } from './aims.ts';

it('names figures by their path', () => {
  expect(flat({ a: { b: 1, c: { d: 2 } }, e: 'text', f: [3] })).toEqual({ 'a.b': 1, 'a.c.d': 2 });
});

it('says what is met and what is missed, and nothing of what was not measured', () => {
  expect(judge({ 'cases.reason.accuracy': 0.96, 'attacks.turned': 1 })).toEqual([
    { met: true, line: 'met    cases.reason.accuracy 0.9600 (at least 0.95)' }, { met: false, line: 'missed attacks.turned 1.0000 (at most 0)' },
  ]);
});

describe('drops', () => {
  it.each([
    ['an accuracy that falls', { 'cases.reason.accuracy': 0.95 }, { 'cases.reason.accuracy': 0.93 }],
    ['an error that rises', { 'cases.reason.ece': 0.02 }, { 'cases.reason.ece': 0.05 }],
    ['one more attack that gets through', { 'attacks.turned': 0 }, { 'attacks.turned': 1 }],
    ['what is measured no more', { 'comments.accuracy': 0.9 }, {}],
    ['what is no number', { 'comments.accuracy': 0.9 }, { 'comments.accuracy': Number.NaN }],
  ])('finds %s', (_, before, now) => {
    expect(drops(before, now as unknown as Record<string, number>)).toHaveLength(1);
  });
  it.each([
    ['what got better', { 'cases.reason.accuracy': 0.95, 'attacks.turned': 3 }, { 'cases.reason.accuracy': 0.97, 'attacks.turned': 0 }],
    ['a last digit', { 'cases.reason.accuracy': 0.95 }, { 'cases.reason.accuracy': 0.945 }],
    ['times and small groups', { 'latency.oneTextP50Ms': 1, 'cases.byCountry.GB.decision': 1 }, { 'latency.oneTextP50Ms': 9, 'cases.byCountry.GB.decision': 0.5 }],
  ])('leaves %s alone', (_, before, now) => {
    expect(drops(before, now)).toEqual([]);
  });
});
