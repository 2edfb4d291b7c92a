import { plainText } from '../../plain-text.ts';
import { AwsError } from '../../service.ts';
import { gone, text, type Cloud, type Existing, type ResourceKind } from '../kind.ts';

/** What exists already stays; anything else that SES refuses fails the deployment. */
async function ses(cloud: Cloud, method: string, path: string, body?: unknown): Promise<void> {
  await cloud.aws.rest('ses', method, path, body === undefined ? '' : JSON.stringify(body), { 'content-type': 'application/json' }).catch((error: unknown) => {
    if (!(error instanceof AwsError && /AlreadyExists|Conflict/.test(error.code))) throw error;
  });
}

const identity: ResourceKind = {
  id: ({ properties }) => text(properties, 'EmailIdentity', ''),
  attributes: () => Object.fromEntries([1, 2, 3].flatMap((at) => [[`DkimDNSTokenName${at}`, `local${at}._domainkey`], [`DkimDNSTokenValue${at}`, `local${at}.dkim`]])),
  create: ({ physicalId }, cloud) => ses(cloud, 'POST', '/v2/email/identities', { EmailIdentity: physicalId }),
  update: () => undefined,
  remove: ({ physicalId }, cloud) => gone(ses(cloud, 'DELETE', `/v2/email/identities/${encodeURIComponent(physicalId)}`)),
};

const configurationSet: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  create: ({ physicalId }, cloud) => ses(cloud, 'POST', '/v2/email/configuration-sets', { ConfigurationSetName: physicalId }),
  update: () => undefined,
  remove: ({ physicalId }, cloud) => gone(ses(cloud, 'DELETE', `/v2/email/configuration-sets/${encodeURIComponent(physicalId)}`)),
};

interface Destination { readonly Name?: string; readonly Enabled?: unknown; readonly MatchingEventTypes: readonly string[]; readonly SnsDestination?: { readonly TopicARN: string } }
const destinationOf = ({ properties }: Pick<Existing, 'properties'>): Destination => properties['EventDestination'] as Destination;
const pathOf = ({ properties }: Pick<Existing, 'properties'>): string => `/v2/email/configuration-sets/${encodeURIComponent(text(properties, 'ConfigurationSetName', ''))}/event-destinations`;
const destinationName = (physicalId: string): string => physicalId.split('|').at(-1) ?? '';
const describedAs = (resource: Existing): unknown => {
  const { Enabled, MatchingEventTypes, SnsDestination } = destinationOf(resource);
  return { Enabled: plainText(Enabled ?? true) === 'true', MatchingEventTypes: MatchingEventTypes.map((type) => type.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()), ...(SnsDestination ? { SnsDestination: { TopicArn: SnsDestination.TopicARN } } : {}) };
};

const eventDestination: ResourceKind = {
  id: (place) => `${text(place.properties, 'ConfigurationSetName', '')}|${destinationOf(place).Name ?? place.generatedName}`,
  create: (input, cloud) => ses(cloud, 'POST', pathOf(input), { EventDestinationName: destinationName(input.physicalId), EventDestination: describedAs(input) }),
  update: (input, cloud) => ses(cloud, 'PUT', `${pathOf(input)}/${encodeURIComponent(destinationName(input.physicalId))}`, { EventDestination: describedAs(input) }),
  remove: (existing, cloud) => gone(ses(cloud, 'DELETE', `${pathOf(existing)}/${encodeURIComponent(destinationName(existing.physicalId))}`)),
};

export const mailKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::SES::EmailIdentity': identity,
  'AWS::SES::ConfigurationSet': configurationSet,
  'AWS::SES::ConfigurationSetEventDestination': eventDestination,
};
