import { escapeHtml } from './format.ts';
import type { MailContent } from './mail-content.ts';

export interface Frame {
  readonly shop: string;
  readonly greeting: string;
}

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const rule = 'border-top:1px solid #e5e7eb';

const itemRow = (item: NonNullable<MailContent['items']>[number]): string =>
  `<tr><td style="padding:8px 0;${rule}">${escapeHtml(item.name)}</td>` +
  `<td style="padding:8px 12px;${rule};text-align:right;white-space:nowrap">×&nbsp;${item.quantity}</td>` +
  `<td style="padding:8px 0;${rule};text-align:right;white-space:nowrap">${escapeHtml(item.price ?? '')}</td></tr>`;

const sumRow = (sum: NonNullable<MailContent['sums']>[number]): string => {
  const weight = sum.strong === true ? 'font-weight:600' : 'color:#4b5563';
  return (
    `<tr><td colspan="2" style="padding:6px 0;${rule};${weight}">${escapeHtml(sum.label)}</td>` +
    `<td style="padding:6px 0;${rule};text-align:right;${weight}">${escapeHtml(sum.value)}</td></tr>`
  );
};

const table = (content: MailContent): string => {
  const rows = [...(content.items ?? []).map(itemRow), ...(content.sums ?? []).map(sumRow)];
  return rows.length === 0
    ? ''
    : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:16px 0;font-size:15px">${rows.join('')}</table>`;
};

const button = (content: MailContent): string =>
  content.button === undefined
    ? ''
    : `<p style="margin:24px 0"><a href="${escapeHtml(content.button.url)}" style="background:#1d4ed8;color:#ffffff;` +
      `text-decoration:none;padding:12px 20px;border-radius:6px;display:inline-block">${escapeHtml(content.button.label)}</a></p>`;

/**
 * HTML of an e-mail: one column that is 600 px at most and shrinks with the screen, tables and inline styles because
 * mail programs know little else, no images, no remote content.
 */
export const htmlOf = (content: MailContent, frame: Frame): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<meta name="color-scheme" content="light"><title>${escapeHtml(content.subject)}</title></head>` +
  `<body style="margin:0;padding:24px 12px;background:#f3f4f6;color:#111827;${font};font-size:16px;line-height:1.5">` +
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">` +
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:8px;text-align:left">` +
  `<tr><td style="padding:20px 28px;border-bottom:1px solid #e5e7eb;font-weight:600">${escapeHtml(frame.shop)}</td></tr>` +
  `<tr><td style="padding:28px"><h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(content.heading)}</h1>` +
  [frame.greeting, ...content.paragraphs].map((text) => `<p style="margin:0 0 12px">${escapeHtml(text)}</p>`).join('') +
  table(content) +
  button(content) +
  `</td></tr></table></td></tr></table></body></html>`;

/** The same as plain text, for programs and people that prefer it. */
export const textOf = (content: MailContent, frame: Frame): string =>
  [
    content.heading,
    '',
    frame.greeting,
    '',
    ...content.paragraphs.flatMap((text) => [text, '']),
    ...(content.items ?? []).map((item) => `  ${item.quantity} × ${item.name}${item.price === undefined ? '' : `  ${item.price}`}`),
    ...(content.items?.length ? [''] : []),
    ...(content.sums ?? []).map((sum) => `  ${sum.label}: ${sum.value}`),
    ...(content.sums?.length ? [''] : []),
    ...(content.button === undefined ? [] : [`${content.button.label}: ${content.button.url}`, '']),
    frame.shop,
    '',
  ].join('\n');
