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
