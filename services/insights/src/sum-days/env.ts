export { refreshEnv as env } from '../results/deps.ts';
