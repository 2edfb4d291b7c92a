/** A generative model behind the OpenAI-messages form, as the port sees it. */
export * from './budget.ts';
export * from './chosen-model.ts';
export * from './invoke.ts';
export * from './messages-model.ts';
