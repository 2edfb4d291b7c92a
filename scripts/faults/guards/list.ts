import type { Guard } from './guard.ts';

const consumers = ['orders/consume', 'updates/consume', 'returns/consume'];
const orderSteps = ['construct-order', 'check-payment', 'confirm-order', 'park-order', 'load-order', 'notify-staff', 'complete-order'].map((name) => `orders/${name}`);
const updateSteps = ['apply-update', 'load-update', 'notify-customer', 'notify-shipping', 'complete-update'].map((name) => `updates/${name}`);

const take = 'services/ingest/src/intake/take.ts';
const consume = 'shared/stream/consume.ts';
const receive = 'shared/store/dynamo-receive.ts';
const table = 'shared/store/dynamo-table.ts';
const applyUpdate = 'services/updates/src/apply-update/handle.ts';
const loader = 'services/warehouse/src/load-facts/handle.ts';

/** Every guard that can be taken away: the builds without them are what makes a green matrix mean something. */
export const guards: readonly Guard[] = [
  // intake
  { id: 'quarantine-unreadable', fault: '3', in: 'producer', file: take, find: '? quarantine.put(delivery, reading.delivery, reading.topic, reading.rejected)', replace: '? undefined' },
  { id: 'signature', fault: '4', in: 'producer', file: take, find: "if (verdict !== 'genuine')", replace: "if (verdict === 'stale')" },
  { id: 'freshness', fault: '5', in: 'producer', file: 'services/ingest/src/verify/verify.ts', find: "return late ? 'stale' : 'genuine';", replace: "void late; return 'genuine';" },
  {
    id: 'late-is-processed', fault: '6', in: ['orders/consume'], file: 'services/orders/src/consume/handle.ts', find: '  checkOrigin(event);',
    replace: "  checkOrigin(event);\n  if (deps.clock() - Date.parse(event.recordedtime ?? event.time) > 300_000) throw new Poison('STALE', 'too old', '$');",
  },
  { id: 'rotation', fault: '7', in: 'producer', file: 'services/ingest/src/verify/verify.ts', find: 'keysOf(scheme, secrets, published)', replace: 'keysOf(scheme, secrets.slice(0, 1), published)' },
  { id: 'key-looked-up', fault: '7', in: 'producer', file: take, find: 'const current = await secrets.anew(account) ?? known;', replace: 'const current = known;' },
  { id: 'exact-ids', fault: '8', in: 'producer', file: 'services/ingest/src/convert/json.ts', find: 'inexact.length === 0 ? bytes : quoted(bytes, inexact)', replace: 'bytes' },
  { id: 'minor-digits', fault: '9', in: 'producer', file: 'services/ingest/src/convert/money.ts', find: 'currencyByCode(name)?.digits ?? 2', replace: 'currencyByCode(name) ? 2 : 2' },
  { id: 'latitude', fault: '10', in: 'producer', file: 'shared/events/order.ts', find: 'z.number().check(z.gte(-90), z.lte(90))', replace: 'z.number()' },
  { id: 'far-future', fault: '10', in: 'producer', file: 'services/ingest/src/convert/time.ts', find: 'if (ms > now + mostAheadMs) throw', replace: 'if (ms > now + 1e15) throw' },
  { id: 'depth', fault: '11', in: 'producer', file: 'services/ingest/src/convert/json.ts', find: 'shapeOf(bytes, mostDepth);', replace: 'shapeOf(bytes, 1e9);' },
  { id: 'pointer', fault: '11', in: 'producer', file: 'shared/stream/payload.ts', find: 'if (json.byteLength <= inlineLimit) return value;', replace: 'if (json.byteLength <= 1e9) return value;' },
  { id: 'key-without-nul', fault: '12', in: 'producer', file: 'shared/events/values.ts', find: "!value.includes('\\0')", replace: '!value.includes(`\\0\\0`)' },
  { id: 'archive-ignored', fault: '13', in: 'producer', file: take, find: 'const rawref = archive.add(delivery);', replace: "const rawref = reading.skipped ? '' : archive.add(delivery);" },
  { id: 'resend-only-failed', fault: '14', in: 'producer', file: 'shared/stream/batcher.ts', find: 'if (!result?.ok) return true;', replace: 'if (!results?.every(({ ok }) => ok)) return true;' },
  { id: 'durable-before-2xx', fault: '16', in: 'producer', file: take, find: 'await Promise.all([', replace: 'void Promise.allSettled([' },
  { id: 'stream-in-time', fault: '17a', in: 'producer', file: 'services/ingest/src/intake/sink.ts', find: 'withinMs: 1_200, attempts: 5,', replace: 'withinMs: 30_000, attempts: 30,' },
  { id: 'breaker', fault: '17a', in: 'producer', file: 'services/ingest/src/intake/sink.ts', find: 'breaker: { failures: 5, forMs: 250, probeEveryMs: 1_000 },', replace: '' },
  { id: 'overflow', fault: '17a', in: 'producer', file: 'services/ingest/src/intake/sink.ts', find: 'otherwise: (record) => overflow.put(name, record),', replace: '' },
  {
    id: 'drain-keeps', fault: '17a', in: ['ingest/drain-overflow'], file: 'services/ingest/src/drain-overflow/handle.ts',
    find: 'const body = await store.get(key);', replace: 'const body = await store.get(key);\n  await store.remove(key);',
  },
  {
    id: 'poll-mark', fault: '17b', in: ['ingest/poll-source'], file: 'services/ingest/src/poll-source/pace.ts',
    find: 'return { ...cursor, failures, lastError: code,', replace: 'return { ...putBack(cursor, 0), highWater: now, failures, lastError: code,',
  },
  {
    id: 'poll-identity', fault: '17c', in: ['ingest/poll-source'], file: 'services/ingest/src/intake/said.ts',
    find: 'if (delivery.via !== undefined) return bytesHash(delivery.body);', replace: 'if (delivery.via !== undefined) return bytesHash(String(Math.random()));',
  },
  // stream
  {
    id: 'claim', fault: '1', in: consumers, file: receive, find: "Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },",
    replace: 'Put: { TableName: table, Item: item },',
  },
  { id: 'claim-hash', fault: '2', in: ['orders/consume'], file: receive, find: "if (claimedHash !== hash) return { outcome: 'conflict', claimedHash };", replace: '' },
  { id: 'poison', fault: '18', in: ['orders/consume'], file: consume, find: 'if (!(error instanceof Poison)) throw error;', replace: 'throw error;' },
  { id: 'partial-failures', fault: '19', in: consumers, file: consume, find: 'return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };', replace: 'return { batchItemFailures: [] };' },
  { id: 'keys-in-parallel', fault: '25', in: consumers, file: consume, find: 'Math.min(concurrency, keys.length)', replace: '1' },
  { id: 'redelivered-starts', fault: '38a', in: consumers, file: 'shared/workflow/receive-event.ts', find: '      await executions.start(result.item.service', replace: "      if (result.outcome === 'received') await executions.start(result.item.service" },
  // workflows
  { id: 'fence', fault: '26', in: orderSteps, file: 'shared/workflow/own-step.ts', find: "item?.state === 'RECEIVED' && item.attempt === attempt;", replace: 'item !== undefined && attempt > 0;' },
  { id: 'fence-state', fault: '38c', in: orderSteps, file: table, find: "export const owned = '#state = :received AND #attempt = :attempt';", replace: "export const owned = '(#state = :received OR #attempt = :attempt)';" },
  { id: 'wake-waiting', fault: '27', in: ['orders/construct-order'], file: 'services/orders/src/construct-order/handle.ts', find: '    await wakeWaiting(item, others, deps);\n    return { ...one, seen: seenOf(saved.item, order) };', replace: '    return { ...one, seen: seenOf(saved.item, order) };' },
  { id: 'newest-wins', fault: '29', in: ['updates/apply-update'], file: 'shared/domain/order-state.ts', find: 'compareStatus(group, one, other) >= 0 ? one : other;', replace: 'compareStatus(group, one, other) > 1e9 ? one : other;' },
  { id: 'second-look', fault: '38d', in: ['updates/apply-update'], file: applyUpdate, find: 'for (let turn = 0; turn < 5; turn++) {', replace: 'for (let turn = 0; turn < 0; turn++) {' },
  { id: 'give-up', fault: '28', in: ['updates/reprocess'], file: 'shared/workflow/reprocess.ts', find: 'if (over && deps.giveUp) {', replace: 'if (over && deps.giveUp && clock() < 0) {' },
  { id: 'own-write', fault: '36', in: [...orderSteps, ...updateSteps], file: table, find: "if (met['lastWrite'] === lastWrite) return { outcome: 'written', item };", replace: '' },
  { id: 'sent-guard', fault: '38', in: orderSteps, file: 'shared/store/dynamo-sent.ts', find: "  ConditionExpression: 'attribute_not_exists(pk)',\n", replace: '' },
  { id: 'tombstone-keeps-groups', fault: '38b', in: ['warehouse/load-facts', 'orders/complete-order'], file: 'shared/store/dynamo-forget.ts', find: "remove: ['data', 'linesAt',", replace: "remove: ['groups', 'data', 'linesAt'," },
  { id: 'alert-noted', fault: '31', in: ['failure-watch/alert'], file: 'services/failure-watch/src/alert/handle.ts', find: 'await table.noteFailed({', replace: "if (machine === '') await table.noteFailed({" },
  { id: 'return-identity', fault: '34', in: ['returns/consume'], file: 'services/returns/src/consume/handle.ts', find: 'asItem(returnSk(returned.id))', replace: 'asItem(returnSk(event.id))' },
  { id: 'injection-to-review', fault: '35', in: ['returns/decide-return'], file: 'shared/domain/return-policy-decide.ts', find: 'if (opinion.injectionFlagged || opinion.injection >= policy.model.injectionAt)', replace: 'if (opinion.injection > 7)' },
  // watcher
  {
    id: 'wake-once', fault: '39', in: ['orders/reprocess'], file: 'shared/store/dynamo-write.ts', find: "condition: '#state = :parked AND #attempt = :attempt',",
    replace: "condition: '#state = :parked OR #attempt = :attempt OR attribute_exists(pk)',",
  },
  { id: 'digest-memory', fault: '45', in: ['failure-watch/find-failures'], file: 'services/failure-watch/src/find-failures/handle.ts', find: 'digestOf(current.told, findings, now)', replace: 'digestOf({}, findings, now)' },
  { id: 'no-expiry-in-flight', fault: '41', in: consumers, file: receive, find: 'attempt: 1, receivedAt: now(t),', replace: 'attempt: 1, expiresAt: expiry(t), receivedAt: now(t),' },
  // notices
  { id: 'unsent-is-released', fault: '42', in: orderSteps, file: 'shared/workflow/send-guarded.ts', find: 'if (error instanceof NoticeNotSent) await store.releaseSent(pk, { transition, by });', replace: '' },
  { id: 'bounce-suppresses', fault: '43', in: ['core/handle-bounce'], file: 'services/core/src/handle-bounce/handle.ts', find: 'for (const address of addresses) await suppress(address, reason);', replace: '' },
  { id: 'html-escaped', fault: '44', in: orderSteps, file: 'shared/notices/format.ts', find: ".replaceAll('<', '&lt;')", replace: '' },
  { id: 'history-is-silent', fault: '45a', in: orderSteps, file: 'shared/domain/order-plan.ts', find: "order.historical ? 'historical' : ", replace: '' },
  { id: 'unheard-is-said', fault: '45b', in: ['failure-watch/find-failures'], file: 'services/failure-watch/src/find-failures/handle.ts', find: 'if ((await deps.listeners()) === 0) {', replace: 'if ((await deps.listeners()) < 0) {' },
  // warehouse
  { id: 'forget-after-readback', fault: '49', in: ['warehouse/load-facts'], file: loader, find: 'const result = await loadBatch(taken, fence, deps);', replace: 'await finish(taken, deps);\n  const result = await loadBatch(taken, fence, deps);' },
  { id: 'conflict-retried', fault: '47', in: ['warehouse/load-facts'], file: 'services/warehouse/src/load/load-batch.ts', find: 'if (conflict.test(result.reason) && tries < mostTries) continue;', replace: '' },
  { id: 'split', fault: '48', in: ['warehouse/load-facts'], file: 'services/warehouse/src/load/load-batch.ts', find: 'if (badRow.test(result.reason)) return', replace: "if (badRow.test('')) return" },
  { id: 'restored', fault: '48', in: ['warehouse/land-facts'], file: 'services/warehouse/src/rows/to-rows.ts', find: "case 'rows.restored': return restoredRows(fact);", replace: "case 'rows.restored': return {};" },
  // security
  { id: 'logs-hold-codes-only', fault: '53', in: ['orders/consume'], file: 'shared/workflow/receive-event.ts', find: "'EVENT_RECEIVED' : 'EVENT_REPEATED', { eventId: one.event.id }", replace: "'EVENT_RECEIVED' : 'EVENT_REPEATED', { eventId: one.event.id, data: JSON.stringify(one.data) }" },
  { id: 'belongs', fault: '54', in: 'producer', file: 'services/ingest/src/intake/belongs.ts', find: 'if (!linked) throw foreign(path);', replace: '' },
  { id: 'limit-of-an-account', fault: '55', in: 'producer', file: 'services/ingest/src/producer/doors.ts', find: 'allowance: rate > 0 ?', replace: 'allowance: rate > 1e9 ?' },
  {
    id: 'limit-of-it-alone', fault: '55', in: 'producer', file: 'services/ingest/src/producer/doors.ts', find: '? tokenBucket({ perSecond: rate, burst: 2 * rate }, startedAt) :',
    replace: '? ((globalThis as { one?: TokenBucket }).one ??= tokenBucket({ perSecond: rate, burst: 2 * rate }, startedAt)) :',
  },
  // insights
  { id: 'least-history', fault: '51', in: ['insights/forecast'], file: 'services/insights/src/forecast/forecast.ts', find: "if (reason !== undefined) return { state: 'insufficient', reason };", replace: 'void reason;' },
  { id: 'csv-inert', fault: '52', in: ['insights/api'], file: 'services/insights/src/api/csv.ts', find: "formula.test(text) ? `'${text}` : text", replace: "formula.test(text) ? `${text}` : text" },
  { id: 'few-not-shown', fault: '52', in: ['insights/api'], file: 'services/insights/src/segments/suppress.ts', find: 'const shown = sorted.filter(({ customers }) => customers >= least);', replace: 'const shown = sorted.filter(({ customers }) => customers >= least - 4);' },
];
