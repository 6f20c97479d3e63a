/**
 * REST under the host's own session: JSON, the host's CSRF token, one refresh of it.
 * Everything that fails rejects with a Problem; 401 is also told to `onUnauthorised`.
 */

import { Problem } from './requests.js';
import { identified } from './wire.js';

/** @import { Boot, Environment } from '../types.js' */

const ANSWER_MS = 10_000;

export class Api {
  #base;
  #env;
  #csrf;
  #onUnauthorised;

  /**
   * @param {Pick<Boot, 'api'|'csrf'>} boot
   * @param {Pick<Environment, 'fetch'|'setTimeout'|'clearTimeout'>} env
   * @param {() => void} onUnauthorised
   */
  constructor(boot, env, onUnauthorised) {
    this.#base = boot.api;
    this.#csrf = boot.csrf ?? null;
    this.#env = env;
    this.#onUnauthorised = onUnauthorised;
  }

  /** @param {string} path @param {AbortSignal} [signal] */
  get(path, signal) {
    return this.send('GET', path, undefined, signal);
  }

  /** Who the host says we are; brings a new CSRF token. @returns {Promise<Boot>} */
  async session() {
    const session = await this.#once('GET', '/session');
    if (session.csrf) this.#csrf = session.csrf;
    return session;
  }

  /**
   * @param {string} method
   * @param {string} path below the mount
   * @param {object} [body]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async send(method, path, body, signal) {
    try {
      return await this.#once(method, path, body, signal);
    } catch (problem) {
      if (method === 'GET' || !isTokenRefused(problem)) throw problem;
      await this.session();
      return this.#once(method, path, body, signal);
    }
  }

  /** @param {string} method @param {string} path @param {object} [body] @param {AbortSignal} [signal] */
  async #once(method, path, body, signal) {
    const response = await this.#fetch(method, path, body, signal);
    const answer = await jsonOf(response);
    if (response.ok && answer !== undefined) return identified(answer);
    if (response.status === 401) this.#onUnauthorised();
    throw refusal(response, answer);
  }

  /** @param {string} method @param {string} path @param {object} [body] @param {AbortSignal} [signal] */
  async #fetch(method, path, body, signal) {
    const limit = new AbortController();
    const timer = this.#env.setTimeout(() => limit.abort(), ANSWER_MS);
    const abort = () => limit.abort();
    signal?.addEventListener('abort', abort);
    try {
      return await this.#env.fetch(this.#base + path, {
        method,
        credentials: 'same-origin',
        headers: this.#headers(method),
        body: body && JSON.stringify(body),
        signal: limit.signal,
      });
    } catch {
      throw new Problem(signal?.aborted ? 'aborted' : 'unreachable');
    } finally {
      this.#env.clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** @param {string} method @returns {Record<string, string>} */
  #headers(method) {
    if (method === 'GET') return { Accept: 'application/json' };
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
    return this.#csrf ? { ...headers, [this.#csrf.header]: this.#csrf.token } : headers;
  }
}

/** A host's own CSRF protection answers with a page instead of our JSON. @param {any} problem */
function isTokenRefused(problem) {
  return [400, 403].includes(problem.status) && ['csrf', 'page'].includes(problem.code);
}

/** @param {Response} response @returns {Promise<any>} undefined for what is no JSON */
async function jsonOf(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** @param {Response} response @param {any} answer */
function refusal(response, answer) {
  const { code = 'page', detail, fields } = answer?.error ?? {};
  const seconds = Number(response.headers.get('Retry-After'));
  const retryAfter = seconds > 0 ? seconds : null;
  return new Problem(code, { status: response.ok ? 502 : response.status, detail, fields, retryAfter });
}
