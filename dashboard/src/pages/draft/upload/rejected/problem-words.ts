import { counted } from '../../../../parts/Count.js';
import type { Schemas } from '../../../../api/client.js';

type Problem = Schemas['ImportProblem'];
export type FixAction = Problem['actions'][number];

/** What is wrong, after its count: of one row, and of several. */
const WORDS: Partial<Record<Problem['code'], readonly [one: string, many: string]>> = {
  phone_without_country_code: ['number has no country code', 'numbers have no country code'],
  phone_ambiguous: ['number can be read two ways', 'numbers can be read two ways'],
  phone_lost_digits: ['number lost digits in a spreadsheet', 'numbers lost digits in a spreadsheet'],
  phone_invalid: ['number does not exist', 'numbers do not exist'],
  phone_too_short: ['number is too short', 'numbers are too short'],
  phone_too_long: ['number is too long', 'numbers are too long'],
  phone_not_digits: ['number contains text', 'numbers contain text'],
  phone_extension: ['number has an extension', 'numbers have an extension'],
  phone_several: ['cell has several numbers', 'cells have several numbers'],
  phone_calculated: ['number is a calculated formula', 'numbers are calculated formulas'],
  phone_empty: ['row has no number', 'rows have no number'],
  phone_costly: ['number costs more than others', 'numbers cost more than others'],
  do_not_call: ['person has opted out', 'people have opted out'],
  too_many_cells: ['row has more cells than headers', 'rows have more cells than headers'],
  row_quotes: ['row has quotes that do not close', 'rows have quotes that do not close'],
  row_too_long: ['row is too long', 'rows are too long'],
  time_zone_unknown: ['time zone is not a place', 'time zones are not places'],
  text_broken: ['row has broken characters', 'rows have broken characters'],
  not_a_flag: ['flag is neither true nor false', 'flags are neither true nor false'],
  not_a_time: ['time cannot be read', 'times cannot be read'],
  time_skipped: ['time does not exist: the clocks change', 'times do not exist: the clocks change'],
  empty_period: ['period ends before it begins', 'periods end before they begin'],
  agent_unknown: ['row names an unknown agent', 'rows name an unknown agent'],
  not_a_json_object: ['row has wrong metadata or SIP headers', 'rows have wrong metadata or SIP headers'],
  metadata_key_reserved: ['row has a reserved key in its metadata', 'rows have a reserved key in their metadata'],
  metadata_too_deep: ['metadata is nested too deep', 'metadata are nested too deep'],
  sip_header_name: ['SIP header has a wrong name', 'SIP headers have a wrong name'],
  sip_header_value: ['SIP header has a wrong value', 'SIP headers have a wrong value'],
  from_number_missing: ['row needs the From Number first', 'rows need the From Number first'],
};

/** "212 numbers have no country code". */
export function wordsOfProblem({ code, rejectedRows }: Pick<Problem, 'code' | 'rejectedRows'>): string {
  const [one, many] = WORDS[code] ?? ['row has another problem', 'rows have another problem'];
  return counted(rejectedRows, one, many);
}

/** What a person may do beside the actions. */
export const ADVICE: Partial<Record<Problem['code'], string>> = {
  phone_lost_digits: 'In the spreadsheet, format the column as text before the numbers go in, and save it again.',
  do_not_call: 'Nobody who has opted out is made callable here.',
  phone_costly: 'A batch can allow such numbers in its settings; they are refused unless it does.',
  from_number_missing: 'Choose the From Number of the batch, then read the file again.',
};

/** Which actions help a problem, the best first. What is possible beside them is seldom meant. */
const HELPFUL: Partial<Record<Problem['code'], readonly FixAction[]>> = {
  phone_without_country_code: ['country', 'leaveOut'],
  phone_ambiguous: ['reading', 'leaveOut'],
  phone_invalid: ['skipCheck', 'country', 'leaveOut'],
  phone_too_short: ['country', 'skipCheck', 'leaveOut'],
};

export function actionsOf({ code, actions }: Pick<Problem, 'code' | 'actions'>): readonly FixAction[] {
  return HELPFUL[code]?.filter((action) => actions.includes(action)) ?? actions;
}
