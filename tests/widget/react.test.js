import assert from 'node:assert/strict';
import { test } from 'node:test';
import React, { StrictMode, createElement, useEffect } from 'react';
import { createChatClient } from '../../flask_chat/static/client.js';
import { useChat } from '../../flask_chat/static/react.js';
import { boot } from './support/builders.js';
import { Clock } from './support/clock.js';
import { Sockets } from './support/sockets.js';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
const said = console.error;
console.error = () => {}; // The renderer of tests says of itself that it is old.
// @ts-ignore it has no types
const { create } = (await import('react-test-renderer')).default;
const act = /** @type {any} */ (React).act;

test('in StrictMode it draws what is picked, when that changes, and leaves nothing behind', async () => {
  const net = new Sockets();
  const client = createChatClient(boot(), /** @type {any} */ ({
    ...new Clock(), WebSocket: net.constructor_, random: () => 0.5, now: () => 0, token: () => 't', storage: null, origin: 'http://school.test',
    fetch: async () => Response.json({ totals: { unread: 3, conversations: 1 } }),
  }));
  let listeners = 0;
  const { subscribe } = client;
  client.subscribe = (listener) => {
    const end = subscribe(listener);
    listeners++;
    return () => (listeners--, end());
  };
  let drawn = 0;

  function Unread() {
    const unread = useChat(client, (state) => state.totals.unread);
    useEffect(() => {
      client.start();
      return () => client.stop();
    }, []);
    drawn++;
    return createElement('b', null, String(unread));
  }

  /** @type {any} */ let tree;
  await act(async () => (tree = create(createElement(StrictMode, null, createElement(Unread)))));
  assert.equal(net.all.filter((socket) => !socket.closed).length, 1);
  await act(async () => {
    net.last.greet();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  });
  assert.deepEqual(tree.toJSON().children, ['3']);
  const before = drawn;
  await act(async () => client.setOnline(false));
  assert.equal(client.getSnapshot().connection.status, 'offline');
  assert.equal(drawn, before);
  await act(async () => tree.unmount());
  assert.equal(listeners, 0);
  assert.equal(net.all.filter((socket) => !socket.closed).length, 0);
  console.error = said;
});
