interface Directive { readonly Namespace?: unknown; readonly Dimensions?: readonly (readonly string[])[]; readonly Metrics?: readonly { readonly Name?: unknown }[] }

type Record_ = (namespace: string, name: string, dimensions: Record<string, string>, value: number, at: number) => void;

const MOST_DIMENSIONS = 30;

/**
 * Finds the metrics of a log line; a line that does not follow the format has none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(message: string, at: number, record: Record_): void {
  if (!message.includes('"CloudWatchMetrics"')) return;
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(message) as Record<string, unknown>;
  } catch {
    return;
  }
  const meta = line['_aws'] as { readonly Timestamp?: unknown; readonly CloudWatchMetrics?: unknown } | null | undefined;
  if (!Array.isArray(meta?.CloudWatchMetrics)) return;
  const time = typeof meta.Timestamp === 'number' ? meta.Timestamp : at;
  for (const { Namespace, Dimensions, Metrics } of meta.CloudWatchMetrics as Directive[]) {
    if (typeof Namespace !== 'string' || !Array.isArray(Metrics)) continue;
    for (const names of Dimensions?.length ? Dimensions : [[]]) {
      // a set whose members are not all in the line is left out
      if (names.length > MOST_DIMENSIONS || names.some((name) => line[name] === undefined)) continue;
      const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
      for (const { Name } of Metrics as { Name?: unknown }[]) {
        if (typeof Name !== 'string') continue;
        for (const value of [line[Name]].flat()) if (typeof value === 'number') record(Namespace, Name, dimensions, value, time);
      }
    }
  }
}
