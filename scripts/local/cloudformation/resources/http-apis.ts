import { createHash } from 'node:crypto';
import { text, type ResourceKind } from '../resource.ts';

const idOf = (stack: string, logicalId: string): string => createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 10);

/** The function behind an integration: an ARN, or an ARN inside the API Gateway invocation path. */
const functionOf = (uri: string): string => /arn:aws:lambda:[^/]+/.exec(uri)?.[0] ?? uri;

/** An HTTP API takes its routes from its siblings, once all of them are known. */
const api: ResourceKind = (input, cloud) => {
  const id = idOf(input.stackName, input.logicalId);
  const url = cloud.apis.urlOf(id);
  return {
    ref: id,
    attributes: { ApiEndpoint: url, ApiId: id, Arn: `arn:aws:apigateway:${cloud.region}::/apis/${id}` },
    activate() {
      const integrations = new Map(input.siblings('AWS::ApiGatewayV2::Integration').map((each) => [idOf(input.stackName, each.logicalId), functionOf(text(each.properties, 'IntegrationUri', ''))]));
      const routes = input.siblings('AWS::ApiGatewayV2::Route').filter((each) => each.properties['ApiId'] === id);
      cloud.apis.deploy(id, routes.map((each) => ({ routeKey: text(each.properties, 'RouteKey', '$default'), functionArn: integrations.get(text(each.properties, 'Target', '').replace('integrations/', '')) ?? '' })));
    },
  };
};

const part: ResourceKind = (input) => {
  const id = idOf(input.stackName, input.logicalId);
  return { ref: id, attributes: { IntegrationId: id, RouteId: id } };
};

export const httpApiKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Integration': part,
  'AWS::ApiGatewayV2::Route': part,
};
