/** A network of WebSockets that a test holds in its hand. */
export class Sockets {
  /** @type {FakeSocket[]} */
  all = [];

  /** To be handed in as `WebSocket`. */
  get constructor_() {
    const all = this.all;
    return /** @type {any} */ (
      function WebSocket(/** @type {string} */ url) {
        const socket = new FakeSocket(url);
        all.push(socket);
        return socket;
      }
    );
  }

  get last() {
    return this.all[this.all.length - 1];
  }
}

export class FakeSocket {
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {any} */ onopen;
  /** @type {any} */ onmessage;
  /** @type {any} */ onclose;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  /** The server lets it in. @param {object} [more] */
  greet(more = {}) {
    this.onopen({});
    this.tell({ type: 'hello', version: 1, user: '1', now: new Date(0).toISOString(), heartbeat: 25, epoch: 'e1', ...more });
  }

  /** @param {object} frame */
  tell(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  end(code) {
    this.onclose({ code });
  }
}
