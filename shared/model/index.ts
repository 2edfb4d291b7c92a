/** The language model as its callers see it: contract of its endpoint, port, SageMaker client, fake, text hygiene. */
export * from './attack-marks.ts';
export * from './clean-text.ts';
export * from './contract.ts';
export * from './fake-model.ts';
export * from './llm/index.ts';
export * from './port.ts';
export * from './redact.ts';
export * from './sagemaker-model.ts';
