/** Commands over the socket: each gets exactly one answer, found again by its `ref`; and why one failed. */

/** @import { Environment } from '../types.js' */

const ANSWER_MS = 10_000;

export class Requests {
  /** @type {Map<string, {resolve: (data: any) => void, reject: (why: Error) => void, timer: any}>} */
  #waiting = new Map();
  #count = 0;
  #env;

  /** @param {Pick<Environment, 'setTimeout'|'clearTimeout'>} env */
  constructor(env) {
    this.#env = env;
  }

  /**
   * @param {(frame: object) => boolean} send
   * @param {string} type
   * @param {object} data
   * @returns {Promise<any>} rejects with a Problem
   */
  ask(send, type, data) {
    const ref = String(++this.#count);
    return new Promise((resolve, reject) => {
      const timer = this.#env.setTimeout(() => this.#settle(ref)?.reject(new Problem('unreachable')), ANSWER_MS);
      this.#waiting.set(ref, { resolve, reject, timer });
      if (!send({ type, ref, data })) this.#settle(ref)?.reject(new Problem('unreachable'));
    });
  }

  /** @param {any} frame a `reply` or an `error` with a ref */
  answer(frame) {
    const request = this.#settle(frame.ref);
    if (frame.type === 'reply') request?.resolve(frame.data);
    else request?.reject(new Problem(frame.code, { detail: frame.detail, retryAfter: frame.retry_after }));
  }

  /** The socket is gone: whoever waits must ask another way. */
  abandon() {
    for (const ref of [...this.#waiting.keys()]) this.#settle(ref)?.reject(new Problem('unreachable'));
  }

  /** @param {string} ref */
  #settle(ref) {
    const request = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    if (request) this.#env.clearTimeout(request.timer);
    return request;
  }
}

/** Why a request failed. `unreachable`: no answer came, so nobody knows whether it was done. */
export class Problem extends Error {
  /**
   * @param {string} code the server's code, or `unreachable`
   * @param {{status?: number, detail?: string, retryAfter?: number|null, fields?: Record<string, any>}} [more]
   *   retryAfter in seconds · fields: what is wrong with which
   */
  constructor(code, { status = 0, detail = '', retryAfter = null, fields = {} } = {}) {
    super(detail || code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.fields = fields;
  }

  /** Whether the same request may succeed later, unchanged. */
  get passing() {
    return ['unreachable', 'unavailable', 'rate_limited'].includes(this.code) || this.status >= 500;
  }
}
