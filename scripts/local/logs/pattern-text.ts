import { AwsError } from '../service.ts';

export const invalidPattern = (pattern: string): AwsError => new AwsError('InvalidParameterException', `Invalid filter pattern: ${pattern}`);

/** Text in which `*` stands for anything. */
export const likeText = (text: string): RegExp => new RegExp(`^${text.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*')}$`);
