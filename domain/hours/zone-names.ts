import { COUNTRY_ZONES } from './country-zones.js';

/**
 * Names that are no country's own any more and still mean one place: older spellings, and those by state or compass point.
 * From the file `backward` of the IANA time zone database, which is in the public domain. Those of other areas are
 * in `country-zones.ts`, or known to Intl.
 */
const FURTHER_NAMES: Readonly<Record<string, string>> = {
  Africa: 'Asmera Timbuktu',
  America:
    'Argentina/ComodRivadavia Atka Buenos_Aires Catamarca Coral_Harbour Cordoba Ensenada Fort_Wayne Godthab ' +
    'Indianapolis Jujuy Knox_IN Louisville Mendoza Montreal Nipigon Pangnirtung Porto_Acre Rainy_River Rosario ' +
    'Santa_Isabel Shiprock Thunder_Bay Virgin Yellowknife',
  Antarctica: 'South_Pole',
  Asia:
    'Ashkhabad Calcutta Choibalsan Chongqing Chungking Dacca Harbin Istanbul Kashgar Katmandu Macao Rangoon Saigon ' +
    'Tel_Aviv Thimbu Ujung_Pandang Ulan_Bator',
  Atlantic: 'Faeroe Jan_Mayen',
  Australia: 'ACT Canberra Currie LHI NSW North Queensland South Tasmania Victoria West Yancowinna',
  Brazil: 'Acre DeNoronha East West',
  Canada: 'Atlantic Central Eastern Mountain Newfoundland Pacific Saskatchewan Yukon',
  Chile: 'Continental EasterIsland',
  Europe: 'Belfast Kiev Nicosia Tiraspol Uzhgorod Zaporozhye',
  Mexico: 'BajaNorte BajaSur General',
  Pacific: 'Enderbury Johnston Ponape Samoa Truk Yap',
  US: 'Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific Samoa',
};

/** The same clock all year, and no place: not the zone of a person who may be called. */
const NO_PLACE = /^(?:etc|systemv)\//i;

let bySmallLetters: ReadonlyMap<string, string> | null = null;

/** Every name of a zone by area and city, and `UTC`, by its spelling in small letters. Built at first use. */
export function zoneNames(): ReadonlyMap<string, string> {
  bySmallLetters ??= new Map(allNames().map((name) => [name.toLowerCase(), name]));
  return bySmallLetters;
}

function allNames(): string[] {
  const further = Object.entries(FURTHER_NAMES).flatMap(([area, places]) =>
    places.split(' ').map((place) => `${area}/${place}`),
  );
  const ofCountries = Object.values(COUNTRY_ZONES).flatMap((zones) => zones.split(/[ |]/));
  const ofIntl = Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/') && !NO_PLACE.test(name));
  return ['UTC', ...further, ...ofCountries, ...ofIntl];
}
