import * as z from 'zod/mini';
import { en } from 'zod/locales';

/**
 * What a schema says of a field that does not fit: what was expected and of what type it was, never the value. zod/mini
 * says only "Invalid input" until it is given a language (https://zod.dev/packages/mini#no-default-locale).
 */
z.config(en());
