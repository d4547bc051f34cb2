import { defineOperation } from '../../http/operation.js';

/** Numbers of a range that is set aside for fiction. */
const TEMPLATE = [
  'phone_number,name,ignore_e164_validation,dynamic_variable1,dynamic_variable2',
  '+12025550101,Ada Lovelace,false,first value,second value',
  '+12025550102,Grace Hopper,false,first value,second value',
].join('\r\n');

export const getTemplateOperation = defineOperation({
  id: 'getImportTemplate',
  method: 'get',
  path: '/v1/imports/template.csv',
  summary: 'Get the CSV template',
  description: 'A file that can be uploaded as it is. Columns with other names become dynamic variables.',
  tag: 'imports',
  role: 'viewer',
  responses: { 200: { description: 'The template', contentType: 'text/csv' } },
  async handler() {
    const headers = { 'Content-Disposition': 'attachment; filename="dialwright-template.csv"' };
    return { status: 200, headers, text: { contentType: 'text/csv; charset=utf-8', content: `${TEMPLATE}\r\n` } };
  },
});
