import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutSuppressedDestinationCommand, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { names, region } from '../../start/stage.ts';
import { must, mustBe, type Fault } from '../fault.ts';
import { figure, logged } from '../world/look.ts';
import { functionOf } from '../world/quiet.ts';
import type { Scene } from '../world/scene.ts';

/** The stage as a function sees it: its own key, and with it the rights of its role. */
const asFunction = (scene: Scene, name: string) => ({ region, endpoint: `http://127.0.0.1:${scene.world.place.ports.aws}`, credentials: { accessKeyId: name, secretAccessKey: 'local' } });

/** Name of the error that a call ends in. */
const refusal = (call: Promise<unknown>): Promise<string> => call.then(() => 'granted', (error: unknown) => (error as Error).name);

export const security: readonly Fault[] = [
  {
    number: '53', title: 'canaries in headers and bodies: not one hit in logs, alerts and names', guards: ['logs-hold-codes-only'],
    async run(scene) {
      const canary = `canary-${scene.prefix}-x7q`;
      scene.world.secrets.add(canary);
      const sale = scene.sale({ comment: `${canary} in a comment` });
      const told = scene.created(sale, { headers: { authorization: `Bearer ${canary}`, cookie: `session=${canary}` } });
      await scene.take(told);
      // failures are what tempts a log into telling more
      await scene.rules({ id: 'failing', function: functionOf('orders', 'check-payment'), times: 1, fault: { kind: 'error', type: 'TypeError' } });
      await scene.take(scene.created(scene.sale({ comment: canary })));
      await scene.take(scene.letter({ headers: {}, body: `{"type":"order.created","data":{"order":{"id":"${canary}","customer":{"email":"${canary}@example.com"}}}}` }, { type: 'intake.rejected', key: '' }));
      await scene.quiet();
      must((await logged(scene.world)).length > 50, 'hardly anything was logged: there is nothing to look at');
    },
  },
  {
    number: '54', title: 'one account\'s credentials on another\'s order are refused', guards: ['belongs'], quick: true,
    async run(scene) {
      const sale = scene.sale();
      await scene.take(scene.created(sale));
      await scene.quiet();
      const foreign = scene.updated(sale, 60, { status: 'CANCELLED' }, { account: 'shop2' });
      const { status, body } = await scene.send({ ...foreign, says: [{ type: 'intake.rejected', key: '' }] });
      mustBe([status, (JSON.parse(body) as { quarantined?: { code: string }[] }).quarantined?.[0]?.code], [200, 'foreign-order'], 'an update by another account');
      const taken = scene.created(scene.sale());
      const named = { ...taken, letter: { ...taken.letter, account: 'shop2', body: String(taken.letter.body).replace('"order":{', '"order":{"source":"canonical","account":"default",') }, says: [{ type: 'intake.rejected', key: '' }] as const };
      const reply = await scene.send(named);
      mustBe((JSON.parse(reply.body) as { quarantined?: { code: string }[] }).quarantined?.[0]?.code, 'foreign-order', 'an order in another account\'s name');
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM orders WHERE order_key = '${scene.key(sale)}' AND status = 'CANCELLED'`), 0, 'orders cancelled by a stranger');
    },
  },
  {
    number: '56', title: 'a function that calls what its role does not grant is denied, as on AWS', guards: [], quick: true,
    async run(scene) {
      const own = asFunction(scene, functionOf('core', 'handle-bounce'));
      const [dynamodb, s3, kinesis, states, ses] = [new DynamoDBClient(own), new S3Client({ ...own, forcePathStyle: true }), new KinesisClient(own), new SFNClient(own), new SESv2Client(own)];
      const denied = await Promise.all([
        refusal(dynamodb.send(new GetItemCommand({ TableName: names.inFlight, Key: { pk: { S: 'a' }, sk: { S: 'b' } } }))),
        refusal(s3.send(new GetObjectCommand({ Bucket: names.bucket('archive'), Key: 'a' }))),
        refusal(kinesis.send(new PutRecordsCommand({ StreamName: names.events, Records: [{ PartitionKey: 'a', Data: Buffer.from('{}') }] }))),
        refusal(states.send(new ListStateMachinesCommand({}))),
        refusal(ses.send(new SendEmailCommand({ FromEmailAddress: 'a@example.com', Destination: { ToAddresses: ['b@example.com'] }, Content: { Simple: { Subject: { Data: 'a' }, Body: { Text: { Data: 'a' } } } } }))),
      ]);
      for (const name of denied) must(/^AccessDenied/.test(name), `answers to what is not granted: ${denied.join(', ')}`);
      mustBe(await refusal(ses.send(new PutSuppressedDestinationCommand({ EmailAddress: `${scene.prefix}@example.com`, Reason: 'BOUNCE' }))), 'granted', 'what is granted');
      for (const client of [dynamodb, s3, kinesis, states, ses]) client.destroy();
    },
  },
];
