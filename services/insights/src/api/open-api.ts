import * as z from 'zod/mini';
import { filterMeanings } from './filters.ts';
import type { Route } from './route.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}
const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema & { $schema?: string };
  return made;
};
const asJson = (schema: object): object => ({ 'application/json': { schema } });
const problem = { type: 'object', required: ['error', 'message'], properties: { error: { type: 'string' }, message: { type: 'string' }, field: { type: 'string' }, hint: { type: 'string' } } };

/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html) of the routes, out of their own schemas. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths = routes.map((route) => {
    const { properties = {}, required = [] } = schemaOf(route.query, 'input');
    const parameters = Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), description: filterMeanings[name] ?? '', schema }));
    const responses = {
      200: { description: route.summary, headers: { etag: { schema: { type: 'string' } } }, content: { ...asJson(schemaOf(route.answer, 'output')), ...('format' in properties ? { 'text/csv': { schema: { type: 'string' } } } : {}) } },
      304: { description: 'Nothing has changed since the answer with this ETag' },
      400: { description: 'A filter is wrong; `field` names it', content: asJson(problem) },
      504: { description: 'The statement took too long and was cancelled; `hint` says what to ask for instead', content: asJson(problem) },
    };
    return [`/api${route.path}`, { get: { operationId: route.path.slice(1).replaceAll(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase()), summary: route.summary, description: route.description, parameters, responses } }] as const;
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Orderflow insights', version, description: 'Figures of the warehouse. Money is decimal text in major units, one currency at a time; days are UTC.' },
    components: { securitySchemes: { iam: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'AWS Signature Version 4 of the service execute-api' } } },
    security: [{ iam: [] }],
    paths: Object.fromEntries(paths),
  };
}
