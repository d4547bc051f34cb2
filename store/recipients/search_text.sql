-- A text as it is searched: without case, accents and apostrophes, with the digits of all scripts as 0 to 9, and Arabic
-- letters without diacritics, tatweel and hamza, where alef, ya and alef maqsura, and ta marbuta and ha, are one each.
-- Both what is looked for and what is looked in pass through it. Text in ASCII alone, which most names are, is cheap.
CREATE OR REPLACE FUNCTION search_text(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(p_text) = length(p_text) THEN translate(lower(p_text), '''`', '')
    ELSE replace(replace(replace(replace(translate(lower(regexp_replace(
        -- Apostrophes first: what looks like one may become a space and an accent.
        normalize(translate(p_text, U&'''`\00B4\02B9\02BB\02BC\02BE\02BF\02C8\2018\2019\201B\2032\FF07', ''), NFKD),
        -- Accents and Arabic diacritics, tatweel, hamza by itself, and what cannot be seen.
        '[\u0300-\u036f\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e'
          || '\u2060-\u2069\ufeff]', '', 'g')),
        U&'\0671\0649\06CC\06A9\0629\06D5\06C1\00F8\0142\0111\0131\0127'
          || U&'\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9'
          || U&'\0966\0967\0968\0969\096A\096B\096C\096D\096E\096F\09E6\09E7\09E8\09E9\09EA\09EB\09EC\09ED\09EE\09EF'
          || U&'\0E50\0E51\0E52\0E53\0E54\0E55\0E56\0E57\0E58\0E59',
        U&'\0627\064A\064A\0643\0647\0647\0647' || 'oldih'
          || '0123456789' || '0123456789' || '0123456789' || '0123456789' || '0123456789'),
      U&'\00DF', 'ss'), U&'\00E6', 'ae'), U&'\0153', 'oe'), U&'\00FE', 'th') END
$$;
