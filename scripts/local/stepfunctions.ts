import { jsonProtocol, type LocalService } from './service.ts';
import type { Engine } from './stepfunctions/engine-contract.ts';
import { executionOperations } from './stepfunctions/execution-operations.ts';
import { machineOperations } from './stepfunctions/machine-operations.ts';
import { taskOperations } from './stepfunctions/task-operations.ts';

/** The Step Functions API over the engine. https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export function stepFunctionsService(engine: Engine): LocalService {
  return {
    ...jsonProtocol(['states'], { ...machineOperations(engine), ...executionOperations(engine), ...taskOperations(engine) }, '1.0'),
    close: async () => engine.close(),
  };
}
