import type { Mutant } from './mutant.js';

const SUITE = 'test/api/operations.spec.ts';
const DOCUMENT = 'test/api/document/document.spec.ts';

/** What keeps the document true. */
export const DOCUMENT_MUTANTS: readonly Mutant[] = [
  // Tests compare with openapi.json, which no mutant makes anew: what is sent or kept is what changes here.
  {
    protection: 'the document has every header that is sent',
    file: 'api/http/gate/rate-limits.ts',
    find: "return { 'RateLimit-Policy': policies.join(', '), RateLimit: left.join(', ') };",
    replace: "return { 'RateLimit-Policy': policies.join(', '), RateLimit: left.join(', '), 'Retry-After': '0' };",
    spec: SUITE,
    title: 'listAgents answers a right request',
  },
  {
    protection: 'nothing is answered that the document does not have',
    file: 'api/views/import-view.ts',
    find: 'recipient: accepted ? toImportedRecipient(content as StoredRecipient) : null,',
    replace: 'content, recipient: accepted ? toImportedRecipient(content as StoredRecipient) : null,',
    spec: SUITE,
    title: 'listImportRows answers a right request',
  },
  {
    protection: 'the document has the bounds that are kept',
    file: 'api/schemas/fields.ts',
    find: 'export const nameText = textUpTo(BATCH_NAME_LENGTH_MAX);',
    replace: 'export const nameText = textUpTo(BATCH_NAME_LENGTH_MAX + 1);',
    spec: DOCUMENT,
    title: 'of name of createAgent is the one that is kept',
  },
  {
    protection: 'several values of a query are the parameter several times',
    file: 'api/schemas/fields.ts',
    find: "typeof sent === 'string' ? [sent] : sent",
    replace: "typeof sent === 'string' ? sent.split(',') : [sent]",
    spec: SUITE,
    title: 'is listed newest first, page by page, and found by name and by id',
  },
  {
    protection: 'a change that names a version changes no other',
    file: 'api/actions/change-batch.ts',
    find: '...(ifMatch !== null && { expectedVersion: ifMatch })',
    replace: '',
    spec: SUITE,
    title: 'pauseBatch changes the version that it names, and no other',
  },
  {
    protection: 'a tag that is none of ours names no version',
    file: 'api/http/bodies/if-match.ts',
    find: 'VERSION_TAG.exec(tag)?.[1]',
    replace: '/\\d{1,9}/.exec(tag)?.[0]',
    spec: SUITE,
    title: 'renameBatch changes the version that it names, and no other',
  },
];
