/** A browser with tabs: its locks and channels, and what can happen to a tab. */

/**
 * @typedef {{name: string, tab: Tab, call: () => any, resolve: (value: any) => void, reject: (why: any) => void}} Request
 */

export class Browser {
  /** @type {Set<any>} */
  channels = new Set();
  /** @type {Map<string, Request>} */
  held = new Map();
  /** @type {Request[]} */
  waiting = [];

  /** @param {any} env what a tab borrows beside locks, channels and timers */
  tab(env) {
    return new Tab(this, env);
  }

  /** @param {Tab} tab @param {string} name @param {any} options @param {() => any} call @returns {Promise<any>} */
  request(tab, name, { steal = false, signal }, call) {
    if (steal && signal) throw new TypeError('NotSupportedError');
    return new Promise((resolve, reject) => {
      const request = { name, tab, call, resolve, reject };
      signal?.addEventListener('abort', () => this.#forget(request));
      if (steal) {
        const before = this.held.get(name);
        this.held.delete(name);
        before?.tab.happens(() => before.reject(new Error('AbortError')));
        this.waiting.unshift(request);
      } else this.waiting.push(request);
      this.#grant(name);
    });
  }

  /** @param {Tab} tab */
  vanish(tab) {
    for (const channel of this.channels) if (channel.tab === tab) this.channels.delete(channel);
    this.waiting = this.waiting.filter((request) => request.tab !== tab);
    for (const [name, request] of this.held) {
      if (request.tab !== tab) continue;
      this.held.delete(name);
      this.#grant(name);
    }
  }

  /** @param {Request} request */
  #forget(request) {
    if (!this.waiting.includes(request)) return;
    this.waiting = this.waiting.filter((each) => each !== request);
    request.reject(new Error('AbortError'));
  }

  /** @param {string} name */
  #grant(name) {
    if (this.held.has(name)) return;
    const next = this.waiting.find((request) => request.name === name);
    if (!next) return;
    this.waiting = this.waiting.filter((request) => request !== next);
    this.held.set(name, next);
    next.tab.happens(() => Promise.resolve(next.call()).then((value) => this.#release(next, value)));
  }

  /** @param {Request} request @param {any} value */
  #release(request, value) {
    request.resolve(value);
    if (this.held.get(request.name) !== request) return;
    this.held.delete(request.name);
    this.#grant(request.name);
  }
}

export class Tab {
  #asleep = false;
  #alive = true;
  /** @type {(() => void)[]} */
  #missed = [];
  #browser;
  env;

  /** @param {Browser} browser @param {any} env */
  constructor(browser, env) {
    this.#browser = browser;
    this.env = {
      ...env,
      setTimeout: (/** @type {() => void} */ call, /** @type {number} */ ms) => env.setTimeout(() => this.happens(call), ms),
      locks: { request: (/** @type {string} */ name, /** @type {any} */ how, /** @type {any} */ call) => browser.request(this, name, how, call) },
      channel: (/** @type {string} */ name) => new Channel(browser, this, name),
    };
  }

  /** Something reaches this tab: at once, when it wakes, or never. @param {() => void} call */
  happens(call) {
    if (!this.#alive) return;
    if (this.#asleep) this.#missed.push(call);
    else call();
  }

  /** Killed: nothing of it runs any more, and the browser lets go of what it held. */
  kill() {
    this.#alive = false;
    this.#browser.vanish(this);
  }

  /** Frozen: it keeps what it holds, and answers nobody. */
  sleep() {
    this.#asleep = true;
  }

  wake() {
    this.#asleep = false;
    for (const call of this.#missed.splice(0)) call();
  }
}

class Channel {
  /** @type {any} */ onmessage = null;

  /** @param {Browser} browser @param {Tab} tab @param {string} name */
  constructor(browser, tab, name) {
    this.browser = browser;
    this.tab = tab;
    this.name = name;
    browser.channels.add(this);
  }

  /** @param {any} data */
  postMessage(data) {
    if (!this.browser.channels.has(this)) return;
    for (const channel of this.browser.channels) {
      if (channel === this || channel.name !== this.name) continue;
      const copy = structuredClone(data);
      queueMicrotask(() => channel.tab.happens(() => this.browser.channels.has(channel) && channel.onmessage?.({ data: copy })));
    }
  }

  close() {
    this.browser.channels.delete(this);
  }
}
