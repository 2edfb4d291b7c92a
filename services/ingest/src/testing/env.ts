/** Folder with data sets that are too large for the repository; tests that need one skip without it. */
export const dataDir = (): string | undefined => process.env['ORDERFLOW_DATA_DIR'];
/** Where programs are found. */
export const searchPath = process.env['PATH'] ?? '';
