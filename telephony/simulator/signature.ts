export { signBody, signatureProblem } from '../signed-body.js';

export const SIGNATURE_HEADER = 'x-carrier-signature';
