import { text } from '../fields.ts';
import { AwsError } from '../service.ts';

type Input = Readonly<Record<string, unknown>>;

export interface Content {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

const data = (part: unknown): string | undefined => (part as { Data?: string } | undefined)?.Data;
const content = (subject: string, plain: string | undefined, html: string | undefined): Content => ({ subject, ...(plain !== undefined && { text: plain }), ...(html !== undefined && { html }) });

/** Subject and bodies of a SendEmail's `Content`: simple, raw or from a template, which `template` looks up. */
export function contentOf(given: Input, template: (name: string) => Input | undefined): Content {
  const { Simple: simple, Raw: raw, Template: from } = given as { Simple?: Input; Raw?: { Data: string }; Template?: Input };
  if (simple) {
    const body = (simple['Body'] ?? {}) as Input;
    return content(data(simple['Subject']) ?? '', data(body['Text']), data(body['Html']));
  }
  if (raw) return fromRaw(Buffer.from(raw.Data, 'base64').toString('utf8'));
  if (!from) throw new AwsError('BadRequestException', 'Content must hold Simple, Raw or Template');
  const name = text(from, 'TemplateName', text(from, 'TemplateArn').replace(/^.*template\//, ''));
  const parts = (from['TemplateContent'] as Input | undefined) ?? template(name);
  if (!parts) throw new AwsError('NotFoundException', `Template ${name} does not exist`, 404);
  const values = JSON.parse((from['TemplateData'] as string | undefined) ?? '{}') as Input;
  const fill = (part: unknown): string | undefined => (typeof part === 'string' ? render(part, values) : undefined);
  return content(fill(parts['Subject']) ?? '', fill(parts['Text']), fill(parts['Html']));
}

/** `{{name}}` and `{{a.b}}`; SES fails a message that names a value which is not given. */
function render(template: string, values: Input): string {
  return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_all, path: string) => {
    const value = path.split('.').reduce<unknown>((at, name) => (at as Input | undefined)?.[name], values);
    if (value === undefined) throw new AwsError('BadRequestException', `Attribute '${path}' is not present in the rendering data.`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** Subject and body of a MIME message, kept as text: the outbox does not take parts apart. */
function fromRaw(message: string): Content {
  const end = message.search(/\r?\n\r?\n/);
  const head = message.slice(0, end < 0 ? undefined : end).replace(/\r?\n[ \t]+/g, ' ');
  const subject = /^subject:\s*(.*)$/im.exec(head)?.[1] ?? '';
  return content(subject, end < 0 ? '' : message.slice(end).trimStart(), undefined);
}
