import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artefact } from './artefact.ts';

type Value = string | number | object;

/** What the instance needs to know besides the environment of every function that takes events. */
export interface FleetSettings {
  readonly stage: string;
  /** Address under which senders know us, without a slash at the end. */
  readonly publicUrl: string;
  /** What functions of intake are told: names, or CloudFormation's intrinsic functions. */
  readonly intake: Readonly<Record<string, Value>>;
  /** Further variables of the producer; they win. */
  readonly producer: Readonly<Record<string, Value>>;
}

const port = 8080;

/** `NAME=value` lines; values may be intrinsic functions. */
const lines = (values: Readonly<Record<string, Value>>): Value[] =>
  Object.entries(values).flatMap(([name, value]): Value[] => [`${name}=`, typeof value === 'object' ? value : String(value), '\n']);

/**
 * The user data of an instance: the producer's environment file, where its artefact lies and what its content's hash is,
 * then boot.sh. Another content is another hash, so another launch template, so a rolling update. No secret stands in it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html (16 KB at most)
 */
export function userData(folder: string, { sha256, key }: Artefact, { stage, publicUrl, intake, producer }: FleetSettings): object {
  const environment = { STAGE: stage, AWS_REGION: { Ref: 'AWS::Region' }, HOST: '0.0.0.0', PORT: port, PUBLIC_URL: publicUrl, ...intake, ...producer };
  const boot = {
    ARTEFACT_BUCKET: { 'Fn::ImportValue': `orderflow-${stage}-artefacts-bucket` },
    ARTEFACT_KEY: key, ARTEFACT_SHA256: sha256, LOG_GROUP: { Ref: 'FleetLogs' }, PORT: port, STACK: { Ref: 'AWS::StackName' }, AWS_REGION: { Ref: 'AWS::Region' },
  };
  return {
    'Fn::Base64': {
      'Fn::Join': ['', [
        '#!/bin/bash\n',
        'install -d -m 0755 /etc/orderflow\ncat >/etc/orderflow/producer.env <<\'END\'\n', ...lines(environment), 'END\n',
        'set -a\n', ...lines(boot), 'set +a\n',
        readFileSync(join(folder, 'fleet/boot.sh'), 'utf8'),
      ]],
    },
  };
}
