import type { Config } from 'jest';

/** Everything is TypeScript compiled file by file; types are checked by `npm run typecheck`. */
const config: Config = {
  roots: ['<rootDir>/shared', '<rootDir>/services', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/\\.esbuild/', '/\\.serverless/'],
  transform: {
    '\\.(ts|mjs|js)$': [
      'ts-jest',
      {
        diagnostics: false,
        tsconfig: {
          isolatedModules: true,
          target: 'ES2024',
          module: 'commonjs',
          moduleResolution: 'node10',
          allowJs: true,
          esModuleInterop: true,
          resolveJsonModule: true,
          sourceMap: true,
        },
      },
    ],
  },
  // ESM-only packages; the exports map of middy offers no `require` condition
  moduleNameMapper: { '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  transformIgnorePatterns: ['/node_modules/(?!(@middy|jose)/)'],
  testTimeout: 30_000,
  maxWorkers: 2,
};

export default config;
