import type { Log, LogCode, LogFields, Meter } from '@orderflow/shared/lambda';

type Write = (line: string) => void;

/** JSON lines, as CloudWatch's agent takes them: a code and ids, never a payload. */
export function lineLog(write: Write, clock: () => number): Log {
  const line = (level: string) => (code: LogCode, fields: LogFields = {}): void =>
    write(`${JSON.stringify({ level, time: new Date(clock()).toISOString(), code, ...fields })}\n`);
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
}

export interface CountingMeter extends Meter {
  /** Writes what was counted since the last time as one CloudWatch embedded-metric line, if anything was. */
  report(): void;
}

/** Counters gathered in memory (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html). */
export function countingMeter(write: Write, clock: () => number, stage: string): CountingMeter {
  let counts: Record<string, number> = {};
  const add = (name: string, value: number): void => {
    counts[name] = (counts[name] ?? 0) + value;
  };
  return {
    count: (name, value = 1) => add(name, value),
    milliseconds: (name, value) => add(name, value),
    report() {
      const names = Object.keys(counts);
      if (names.length === 0) return;
      const metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
      const directive = { Namespace: 'orderflow', Dimensions: [['service', 'stage']], Metrics: metrics };
      write(`${JSON.stringify({
        _aws: { Timestamp: clock(), CloudWatchMetrics: [directive] }, service: 'orderflow-producer', stage, ...counts,
      })}\n`);
      counts = {};
    },
  };
}
