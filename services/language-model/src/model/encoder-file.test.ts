import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEncoder } from './encoder-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weights-'));
  cpSync(join(__dirname, 'testing/tiny'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const change = (edit: (about: Record<string, unknown>) => void): void => {
  const about = JSON.parse(readFileSync(join(folder, 'encoder.json'), 'utf8')) as Record<string, unknown>;
  edit(about);
  writeFileSync(join(folder, 'encoder.json'), JSON.stringify(about));
};

it('is known by the hash of the file that names the others', () => {
  const { sha256, version } = readEncoder(folder);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(version).toBe('tiny-1');
  change((about) => void (about['version'] = 'tiny-2'));
  expect(readEncoder(folder).sha256).not.toBe(sha256);
});

it.each<[string, () => void, string]>([
  ['another tokenizer', () => writeFileSync(join(folder, 'tokenizer.json'), '{}'), 'tokenizer.json is not the file'],
  ['another network', () => writeFileSync(join(folder, 'encoder.onnx'), ''), 'encoder.onnx is not the file'],
  ['no network', () => rmSync(join(folder, 'encoder.onnx')), 'ENOENT'],
  ['nonsense', () => writeFileSync(join(folder, 'encoder.json'), 'x'), 'not JSON'],
  ['facts in another order', () => change((about) => (about['facts'] as unknown[]).reverse()), 'in its order'],
  ['a fact less', () => change((about) => (about['facts'] as unknown[]).pop()), 'in its order'],
  ['no calibration', () => change((about) => delete about['calibration']), 'calibration'],
  ['a temperature of nothing', () => change((about) => void (about['calibration'] = { decision: { temperature: 0 } })), 'calibration.decision.temperature'],
  ['a hash less', () => change((about) => void (about['files'] = {})), 'files'],
])('refuses %s', (_, spoil, message) => {
  spoil();
  expect(() => readEncoder(folder)).toThrow(message);
});
