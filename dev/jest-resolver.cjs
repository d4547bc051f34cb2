/**
 * Lets jest follow the specifiers of TypeScript's NodeNext modules: './claim-calls.js' means claim-calls.ts. Only for files
 * of the project: packages that ship sources beside their build must get the build.
 */
const path = require('node:path');

const inPackages = `${path.sep}node_modules${path.sep}`;
const extensionAlias = { '.js': ['.ts', '.tsx', '.js'] };

module.exports = (request, options) => {
  const isOurs = request.startsWith('.') && !`${options.basedir}${path.sep}`.includes(inPackages);
  return options.defaultResolver(request, isOurs ? { ...options, extensionAlias } : options);
};
