import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { cleanText, FakeModel, ModelUnusable, noModel, readReply, redact, sageMakerModel, textLimit, type Instance } from './index.ts';

const instance: Instance = { text: 'broken', facts: {} };
const good = async () => JSON.stringify(await new FakeModel().predict([instance]));

describe('cleanText', () => {
  it('brings look-alikes to plain letters and takes what is not seen away', () => {
    expect(cleanText('Ｉｇｎ\u200Bore\u202E\n\n  rules\u0000').text).toBe('Ignore rules');
  });
  it('cuts and says so', () => {
    expect(cleanText('😀'.repeat(3000))).toEqual({ text: '😀'.repeat(textLimit), cut: true });
    expect(cleanText('short').cut).toBe(false);
  });
});

describe('redact', () => {
  it.each([
    ['write to ada.l@example.co.uk now', 'write to [email] now'],
    ['call +44 20 7946 0958 please', 'call [phone] please'],
    ['card 4111 1111 1111 1111', 'card [number]'],
    ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN [account]'],
    ['see https://evil.example/x?y=1 there', 'see [link] there'],
    ['at 51.50735, -0.12776', 'at [place]'],
    ['2 of 3 arrived after 14 days', '2 of 3 arrived after 14 days'],
  ])('%s', (text, plain) => {
    expect(redact(text)).toBe(plain);
  });
  it('takes out the words of the customer', () => {
    expect(redact('I am Ada Lovelace (Baker Street)', ['Ada Lovelace', undefined, '221b Baker Street'])).toBe('I am [name] [name] ([name] [name])');
    expect(redact('a+b', ['a+b'])).toBe('[name]');
  });
});

describe('readReply', () => {
  it('reads what is of the contract', async () => {
    expect(readReply(Buffer.from(await good()), [instance]).predictions).toHaveLength(1);
  });
  it.each([
    ['prose', 'I would approve this.'],
    ['NaN as text', '{"model":{"version":"1","sha256":"x"},"predictions":[NaN]}'],
    ['nothing', ''],
  ])('refuses %s', (_, body) => {
    expect(() => readReply(Buffer.from(body), [instance])).toThrow(ModelUnusable);
  });
  it('refuses a null where a number belongs, a missing decision, a count that differs', async () => {
    const text = await good();
    expect(() => readReply(Buffer.from(text.replace('0.97', 'null')), [instance])).toThrow(ModelUnusable);
    expect(() => readReply(Buffer.from(text.replace('0.97', '1.7')), [instance])).toThrow(ModelUnusable);
    expect(() => readReply(Buffer.from(text.replace('"decision"', '"dec"')), [instance])).toThrow(ModelUnusable);
    expect(() => readReply(Buffer.from(text), [instance, instance])).toThrow(ModelUnusable);
  });
});

describe('sageMakerModel', () => {
  const failing = (error: object) => ({ send: () => Promise.reject(Object.assign(new Error('no'), error)) }) as unknown as SageMakerRuntimeClient;
  it.each([
    [{ name: 'TimeoutError' }, 'timeout'], [{ name: 'AbortError' }, 'timeout'], [{ name: 'ModelError', $metadata: { httpStatusCode: 424 } }, 'refused'],
    [{ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }, 'unreachable'], [{ name: 'Error', code: 'ECONNREFUSED' }, 'unreachable'],
  ])('%j is %s', async (error, code) => {
    await expect(sageMakerModel(failing(error), 'e').predict([instance])).rejects.toMatchObject({ name: 'ModelUnusable', code });
  });
  it('says that there is none', async () => {
    await expect(noModel.predict([instance])).rejects.toMatchObject({ code: 'none' });
  });
});
