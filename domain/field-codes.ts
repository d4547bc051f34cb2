/** What may be wrong with a field of a body or a query. Programs look at the code, people at the message. */
const REQUEST_CODES = [
  ...([
    'required',
    'wrong_type',
    'unknown_field',
    'invalid',
    'invalid_format',
    'invalid_value',
    'invalid_union',
  ] as const),
  ...(['invalid_key', 'invalid_element', 'too_big', 'too_small', 'too_large', 'not_multiple_of', 'locked'] as const),
  ...(['too_deep', 'too_many_values', 'too_many_names'] as const),
] as const;

/** What may be wrong with a phone number. */
const PHONE_CODES = [
  ...(['phone_empty', 'phone_not_digits', 'phone_extension', 'phone_several', 'phone_calculated'] as const),
  ...(['phone_lost_digits', 'phone_too_long', 'phone_too_short', 'phone_invalid', 'phone_costly'] as const),
  ...(['phone_ambiguous', 'phone_without_country_code'] as const),
] as const;

/** What may be wrong with a recipient, of a request or of a row. */
const ROW_CODES = [
  ...(['text_broken', 'not_an_object', 'not_a_flag', 'flag_not_supported', 'not_a_time', 'time_skipped'] as const),
  ...(['empty_period', 'time_zone_unknown', 'agent_unknown', 'do_not_call', 'not_a_json_object'] as const),
  'from_number_missing',
  ...(['metadata_key_reserved', 'metadata_too_deep', 'metadata_number_too_long', 'sip_header_name'] as const),
  ...([
    'sip_header_value',
    'cell_without_header',
    'too_many_cells',
    'missing_cells',
    'row_quotes',
    'row_too_long',
  ] as const),
] as const;

/** What may be wrong with the headers of a file. */
const HEADER_CODES = [
  ...(['no_headers', 'too_many_columns', 'header_not_text', 'duplicate_column', 'duplicate_variable'] as const),
  ...(['no_phone_column', 'unknown_column', 'header_row_missing'] as const),
] as const;

/** What is odd about a file and taken all the same. */
const FILE_WARNING_CODES = [
  ...(['blank_header', 'similar_headers', 'outer_spaces', 'export_column', 'order_without_effect'] as const),
  ...(['phone_repaired', 'duplicate_phone', 'encoding_uncertain', 'phone_column_guessed'] as const),
] as const;

/** The only list of what may be wrong with a field, or odd about it. */
export const FIELD_CODES = [
  ...new Set([...REQUEST_CODES, ...PHONE_CODES, ...ROW_CODES, ...HEADER_CODES, ...FILE_WARNING_CODES] as const),
];
export type FieldCode = (typeof FIELD_CODES)[number];
