import { createHash } from 'node:crypto';
import { text, type Cloud, type Existing, type Place, type ResourceKind } from '../kind.ts';

/** Ten characters, as API Gateway's ids. */
const id = ({ generatedName }: Place): string => createHash('sha256').update(generatedName).digest('hex').slice(0, 10);
const apiOf = ({ properties }: Pick<Existing, 'properties'>): string => text(properties, 'ApiId', '');

/** The function behind an integration: an ARN, or an ARN inside the API Gateway invocation path. */
const functionOf = (uri: string): string => /arn:aws:lambda:[^/]+/.exec(uri)?.[0] ?? uri;

const defineApi = ({ physicalId }: Existing, cloud: Cloud): void => cloud.apis.define(physicalId);
const api: ResourceKind = {
  id,
  attributes: ({ physicalId }, cloud) => ({ ApiEndpoint: cloud.apis.urlOf(physicalId), ApiId: physicalId, Arn: `arn:aws:apigateway:${cloud.region}::/apis/${physicalId}` }),
  create: defineApi,
  remove: ({ physicalId }, cloud) => cloud.apis.remove(physicalId),
  restore: defineApi,
};

const defineIntegration = (resource: Existing, cloud: Cloud): void => cloud.apis.setIntegration(apiOf(resource), resource.physicalId, functionOf(text(resource.properties, 'IntegrationUri', '')));
const integration: ResourceKind = {
  id,
  attributes: ({ physicalId }) => ({ IntegrationId: physicalId }),
  create: defineIntegration,
  remove: (existing, cloud) => cloud.apis.removeIntegration(apiOf(existing), existing.physicalId),
  restore: defineIntegration,
};

const defineRoute = (resource: Existing, cloud: Cloud): void =>
  cloud.apis.setRoute(apiOf(resource), resource.physicalId, { routeKey: text(resource.properties, 'RouteKey', '$default'), integrationId: text(resource.properties, 'Target', '').replace('integrations/', '') });
const route: ResourceKind = {
  id,
  attributes: ({ physicalId }) => ({ RouteId: physicalId }),
  create: defineRoute,
  remove: (existing, cloud) => cloud.apis.removeRoute(apiOf(existing), existing.physicalId),
  restore: defineRoute,
};

export const httpApiKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Integration': integration,
  'AWS::ApiGatewayV2::Route': route,
};
