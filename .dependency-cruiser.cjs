/** Imports point one way: scripts → services → shared; shared/domain is pure. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'shared-imports-nothing-above', severity: 'error', from: { path: '^shared/' }, to: { path: '^(services|scripts)/' } },
    { name: 'services-do-not-import-scripts', severity: 'error', from: { path: '^services/', pathNot: '\\.test\\.ts$' }, to: { path: '^scripts/' } },
    {
      name: 'services-are-independent',
      comment: 'a service talks to another through streams, tables and names, never by import',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^shared/domain/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^(shared/(domain|events)/|node_modules/zod)' },
    },
    { name: 'use-cases-do-not-know-the-sdk', severity: 'error', from: { path: 'src/.*/handle\\.ts$' }, to: { path: 'node_modules/@aws-sdk', dependencyTypesNot: ['type-only'] } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^node:' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.esbuild|\\.serverless)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
