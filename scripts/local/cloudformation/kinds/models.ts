import { gone, present, text, type ResourceKind } from '../kind.ts';

/** InvokeEndpoint knows the endpoint by its name; the model behind it is this machine's model server. */
const endpoint: ResourceKind = {
  id: ({ properties, generatedName }, cloud) => `arn:aws:sagemaker:${cloud.region}:${cloud.accountId}:endpoint/${text(properties, 'EndpointName', generatedName)}`,
  attributes: ({ physicalId }) => ({ EndpointName: nameOf(physicalId) }),
  exists: ({ physicalId }, cloud) => present(cloud.aws.call('sagemaker', 'DescribeEndpoint', { EndpointName: nameOf(physicalId) })),
  async create({ physicalId, properties }, cloud) {
    const input = { EndpointName: nameOf(physicalId), EndpointConfigName: text(properties, 'EndpointConfigName', '') };
    const there = await present(cloud.aws.call('sagemaker', 'DescribeEndpoint', { EndpointName: input.EndpointName }));
    await cloud.aws.call('sagemaker', there ? 'UpdateEndpoint' : 'CreateEndpoint', input);
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('sagemaker', 'DeleteEndpoint', { EndpointName: nameOf(physicalId) })),
};

const nameOf = (arn: string): string => arn.split('/').at(-1) ?? '';

export const modelKinds: Readonly<Record<string, ResourceKind>> = { 'AWS::SageMaker::Endpoint': endpoint };
