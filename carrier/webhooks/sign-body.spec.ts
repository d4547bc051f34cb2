import { signBody } from './sign-body.js';

it('signs as the published example of Retell does', () => {
  const body = '{"event":"call_ended","call":{"call_id":"call_123"}}';
  const signature = 'v=1714608475945,d=c5c65b62a88b38267b15a5f520b5b414326e838a05b13cd90b36c569fd6683fa';
  expect(signBody(body, 'key_test', 1_714_608_475_945)).toBe(signature);
  expect(signBody(Buffer.from(body), 'key_test', 1_714_608_475_945)).toBe(signature);
});
