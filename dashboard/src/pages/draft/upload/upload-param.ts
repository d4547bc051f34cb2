/** In the address: which import is open in the dialog. */
export const UPLOAD_PARAM = 'upload';
