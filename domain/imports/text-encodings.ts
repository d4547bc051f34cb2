/** The encodings that an upload may name, by the names that the web uses. */
export const ENCODINGS = [
  ...(['utf-8', 'utf-16le', 'utf-16be'] as const),
  ...(['windows-1250', 'windows-1251', 'windows-1252', 'windows-1253', 'windows-1254'] as const),
  ...(['windows-1255', 'windows-1256', 'windows-1257', 'windows-1258', 'windows-874'] as const),
  ...(['iso-8859-2', 'iso-8859-5', 'iso-8859-6', 'iso-8859-7', 'iso-8859-8', 'iso-8859-9'] as const),
  ...(['iso-8859-13', 'iso-8859-15', 'iso-8859-16', 'koi8-r', 'koi8-u'] as const),
  ...(['ibm437', 'ibm850', 'ibm852', 'ibm866', 'macintosh'] as const),
  ...(['gb18030', 'big5', 'shift_jis', 'euc-jp', 'iso-2022-jp', 'euc-kr'] as const),
] as const;
export type TextEncoding = (typeof ENCODINGS)[number];
