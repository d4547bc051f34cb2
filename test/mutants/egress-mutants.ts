import type { Mutant } from './mutant.js';

const RULES = 'telephony/egress/egress-rules.spec.ts';
const SENDER = 'telephony/send-request-egress.spec.ts';
const PROVIDERS = 'telephony/create-provider.spec.ts';

/** Where requests may go, and what is told of what answers there. */
export const EGRESS_MUTANTS: readonly Mutant[] = [
  {
    protection: 'egress: what a name stands for is checked as it connects',
    file: 'telephony/egress/resolve-host.ts',
    find: 'rules.isAllowed({ ...target, address })',
    replace: 'net.isIP(address) !== 0',
    spec: SENDER,
    title: 'is not reached by a name that stands for it',
  },
  {
    protection: 'egress: an address is checked where no name is asked for',
    file: 'telephony/egress/egress-rules.ts',
    find: 'if (net.isIP(host) !== 0 && !isAllowed({ host, port, address: host })) return NOT_PUBLIC;',
    replace: '',
    spec: RULES,
    title: 'may not be "https://2130706433"',
  },
  {
    protection: 'egress: every request is checked, whatever was checked before',
    file: 'telephony/send-request.ts',
    find: 'return problem === null ? exchange(request, open)',
    replace: 'return problem !== null || problem === null ? exchange(request, open)',
    spec: SENDER,
    title: 'is not connected to by its address',
  },
  {
    protection: 'egress: metadata of clouds stay blocked, whatever is named',
    file: 'telephony/egress/egress-rules.ts',
    find: 'if (!address || isMetadataAddress(address)) return false;',
    replace: 'if (!address) return false;',
    spec: RULES,
    title: 'is never one at which a cloud tells its secrets',
  },
  {
    protection: 'egress: an IPv6 address is judged by the IPv4 address in it',
    file: 'telephony/egress/addresses.ts',
    find: 'const embedded = embeddedIPv4(groupsOf(text));',
    replace: 'const embedded = null as ReturnType<typeof embeddedIPv4>;',
    spec: RULES,
    title: 'is never one at which a cloud tells its secrets',
  },
  {
    protection: 'egress: plain http is for hosts that are named',
    file: 'telephony/egress/egress-rules.ts',
    find: "return url.protocol === 'https:' || isNamed(host, port) ? null : PLAIN;",
    replace: 'return null;',
    spec: RULES,
    title: 'may not be "http://api.retellai.com"',
  },
  {
    protection: 'egress: a base URL is a host and a path',
    file: 'telephony/egress/egress-rules.ts',
    find: '[^/\\\\@?#\\s]+(\\/[^\\\\?#\\s]*)?$/i.test(text)',
    replace: '[^/\\\\@\\s]+(\\/[^\\\\\\s]*)?$/i.test(text)',
    spec: RULES,
    title: 'may not be "https://api.retellai.com/?"',
  },
  {
    protection: 'egress: a named port is that port alone',
    file: 'telephony/egress/egress-rules.ts',
    find: 'place.port === null || place.port === port',
    replace: 'place.port !== 0 || port > 0',
    spec: SENDER,
    title: 'and no other port of this machine',
  },
  {
    protection: 'egress: nothing is sent through an account of a kind that is not allowed here',
    file: 'telephony/create-provider.ts',
    find: 'problem === null ? sender.send',
    replace: "problem?.field !== 'baseUrl' ? sender.send",
    spec: PROVIDERS,
    title: 'sends nothing through an account whose kind is not allowed here',
  },
  {
    protection: 'egress: the refusal of a proxy is no answer of the provider',
    file: 'telephony/egress/tunnel-agent.ts',
    find: 'if (res.statusCode === 200) {',
    replace: 'if (res.statusCode !== 0) {',
    spec: 'telephony/egress/tunnel-agent.spec.ts',
    title: 'takes what the proxy answers for no answer of the provider',
  },
  {
    protection: 'egress: a foreign answer is shown to nobody',
    file: 'telephony/retell/read-answer.ts',
    find: 'documentedErrorSchema.safeParse(parseJson(body)).data?.message',
    replace: 'errorBodySchema.safeParse(parseJson(body)).data?.message ?? documentedErrorSchema.description ?? body',
    spec: 'telephony/retell/adapter.spec.ts',
    title: 'nothing of an answer that has another form than its errors',
  },
];
