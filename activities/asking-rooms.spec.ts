import { createAskingRooms } from './asking-rooms.js';

const askedOf = (account: string, workspace = 'workspace') => ({ providerAccountId: account, workspaceId: workspace });

it('an account that does not answer is asked less and less, one question at a time at last, and all again when it answers', () => {
  const rooms = createAskingRooms();
  const hung = askedOf('hung');
  const roomsSeen: (number | undefined)[] = [];
  const ask = (isAnswered: boolean): void => {
    rooms.begin(hung);
    rooms.end(hung, isAnswered);
    roomsSeen.push(rooms.left().except['hung']);
  };
  for (let turn = 0; turn < 7; turn++) ask(false);
  expect(roomsSeen).toEqual([25, 12, 6, 3, 1, 1, 1]);
  rooms.begin(hung);
  expect(rooms.left().except['hung']).toBe(0);
  rooms.end(hung, true);
  for (let turn = 0; turn < 5; turn++) ask(true);
  expect(rooms.left()).toEqual({ each: 50, except: {} });
});

it('one workspace has a part of the room alone, however many accounts it has', () => {
  const rooms = createAskingRooms();
  for (let account = 0; account < 10; account++)
    for (let question = 0; question < 10; question++) rooms.begin(askedOf(`account ${account}`));
  expect(rooms.left().except['workspace']).toBe(0);
  expect(rooms.takenMax()).toBe(200);
});
