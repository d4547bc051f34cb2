import { createDialwright, type components } from '../../../client/index.js';

export { answered, DialwrightError } from '../../../client/index.js';
export type Schemas = components['schemas'];
export type Batch = Schemas['Batch'];

/** The API that has served this page. The session's cookie goes with each request. */
export const dialwright = createDialwright({ url: window.location.origin });
export const { api } = dialwright;
