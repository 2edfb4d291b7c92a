import * as z from 'zod/mini';
import { environment as intake } from '../receive/env.ts';

export const environment = z.extend(intake, { CURSORS_TABLE: z.string() });
