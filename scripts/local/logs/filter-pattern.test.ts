import { compileFilterPattern } from './filter-pattern.ts';

const matching = (pattern: string, ...messages: string[]): string[] => messages.filter(compileFilterPattern(pattern));

test('words: all, any, none, quoted, regular expressions', () => {
  const lines = ['[ERROR 400] BAD REQUEST', '[ERROR 401] UNAUTHORIZED REQUEST', '[INFO] Retry [SUCCESS]', 'error'];
  expect(matching('', ...lines)).toEqual(lines);
  expect(matching('ERROR', ...lines)).toEqual(lines.slice(0, 2));
  expect(matching('ERROR REQUEST 401', ...lines)).toEqual([lines[1]]);
  expect(matching('"BAD REQUEST"', ...lines)).toEqual([lines[0]]);
  expect(matching('?400 ?INFO', ...lines)).toEqual([lines[0], lines[2]]);
  expect(matching('ERROR -401', ...lines)).toEqual([lines[0]]);
  expect(matching('-ERROR', ...lines)).toEqual(lines.slice(2));
  expect(matching('%40[0-9]%', ...lines)).toEqual(lines.slice(0, 2));
});

test('JSON: comparisons, wildcards, null, absence, arrays, parentheses', () => {
  const a = '{"level":"ERROR","x":5,"user":{"id":"u-17"},"list":["p","q"],"gone":null,"yes":true}';
  const b = '{"level":"INFO","x":-1.5,"user":{"id":"v"}}';
  const rows: [string, string[]][] = [
    ['{ $.level = "ERROR" }', [a]], ['{ $.level = ERROR }', [a]], ['{ $.level != "ERROR" }', [b]], ['{ $.level = "ERROR" && $.x > 1 }', [a]], ['{ $.x < 0 || $.x >= 5 }', [a, b]], ['{ $.x = -1.5 }', [b]],
    ['{ ($.level = INFO || $.level = ERROR) && $.x <= 0 }', [b]], ['{ $.user.id = "u-*" }', [a]], ['{ $.user.id = %^v$% }', [b]], ['{ $.list[1] = q }', [a]], ['{ $.gone IS NULL }', [a]], ['{ $.yes IS TRUE }', [a]],
    ['{ $.list NOT EXISTS }', [b]], ['{ $.none = 1 }', []], ['{ $.x = 5e0 }', [a]],
  ];
  for (const [pattern, expected] of rows) expect([pattern, matching(pattern, a, b, 'plain text', '{broken')]).toEqual([pattern, expected]);
  for (const wrong of ['{ $.a = }', '{ a = 1 }', '{ $.a = 1', '{ $.a > "x" }', '{ $.a = 1 $.b = 2 }']) expect(() => compileFilterPattern(wrong)).toThrow('Invalid filter pattern');
});

test('columns', () => {
  const line = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  const rows: [string, boolean][] = [
    ['[ip, server, user, time, request, status = 404, bytes]', true], ['[ip, ..., status = 4*, bytes > 1000]', true], ['[..., bytes > 2000]', false], ['[ip, server, user]', false],
    ['[ip, server, user, time, request = "*.html *", status, bytes]', true], ['[..., status = 404 || status = 500, bytes]', true], ['[..., status != 404, bytes]', false],
  ];
  for (const [pattern, expected] of rows) expect([pattern, compileFilterPattern(pattern)(line)]).toEqual([pattern, expected]);
});
