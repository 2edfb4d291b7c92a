import { cashFlowRoute, forecastRoute, whatIfRoute } from '../forecast/routes.ts';
import { geographyRoute, regionsRoute } from '../geography/routes.ts';
import { kpisRoute } from '../kpis/route.ts';
import { pipelineRoute } from '../pipeline/route.ts';
import { productsRoute } from '../products/route.ts';
import { commentsRoute, differencesRoute, emergingRoute, reasonsRoute } from '../returns/routes.ts';
import { overviewRoute } from '../sales/route.ts';
import { cohortsRoute, demographicsRoute, segmentsRoute } from '../segments/routes.ts';
import type { Route } from './route.ts';

/** Everything that can be asked for. */
export const routes: readonly Route[] = [
  overviewRoute, kpisRoute, pipelineRoute, cashFlowRoute, forecastRoute, whatIfRoute, productsRoute, segmentsRoute, cohortsRoute, demographicsRoute, reasonsRoute, emergingRoute, differencesRoute, commentsRoute, geographyRoute, regionsRoute,
];
