/** What is told to people: e-mails to customers (SES), notices to staff (SNS). */
export * from './mail-data.ts';
export * from './render-mail.ts';
export * from './format.ts';
export * from './mailer.ts';
export * from './ses-mailer.ts';
export * from './staff-message.ts';
export * from './staff-notifier.ts';
export * from './sns-notifier.ts';
export * from './send-outcome.ts';
