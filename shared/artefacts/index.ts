/** Programs that a deployment lays into the stage's bucket of artefacts, by their content. */
export * from './artefact.ts';
export * from './upload.ts';
