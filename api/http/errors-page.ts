import { ERRORS, type ErrorCode } from './error-table.js';

/** docs/errors/README.md: written from the table, and compared with it by a test. */
export function errorsMarkdown(): string {
  const rows = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, title, retryable, advice } = ERRORS[code];
    return `| <a id="${code}"></a>\`${code}\` | ${status} | ${title} | ${retryable ? 'yes' : 'no'} | ${advice} |`;
  });
  return `# Errors of the API

Every error is \`application/problem+json\`: \`type\`, \`title\`, \`status\`, \`code\`, \`detail\`, \`requestId\`, \`retryable\`, and \`errors\` with one entry for each
field that is wrong. Programs look at \`code\`; people read \`detail\`, which says what happened, to which id, and what to do. The text of a 5xx
is always the same: what went wrong is in the log, under the request id. This page is made of \`api/http/error-table.ts\` by \`npm run openapi\`.

| code | status | what it means | try again | what to do |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
