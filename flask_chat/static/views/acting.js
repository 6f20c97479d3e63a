/** The host's own buttons in the thread of a record: pressed, answered, run. */

import { problemText } from './names.js';

/**
 * @import { Translate } from '../i18n/translate.js'
 * @import { RecordAction, Ui } from '../types.js'
 * @import { Stage } from './actions.js'
 */

/** Refused with words of the host's own; whatever else goes wrong has ours. */
const SAID = ['conflict', 'forbidden', 'invalid'];

/** @param {Stage & {startSubject: (subject: {kind: string, id: string}) => Promise<void>}} stage */
export function acting({ client, ui, set, t, focus, startSubject }) {
  /** @param {Partial<NonNullable<Ui['deed']>>} change */
  function turn(change) {
    const { deed } = ui();
    if (deed) set({ deed: { ...deed, ...change } });
  }

  /** @param {string} name */
  const backTo = (name) => focus(`[data-action="${CSS.escape(name)}"], .main textarea`);

  async function run() {
    const { conversation, deed } = ui();
    if (!deed || deed.running) return;
    const { action, values } = deed;
    const current = () => ui().conversation === conversation && ui().deed?.action === action;
    turn({ running: true, problem: null, wrong: {} });
    try {
      await client.dispatch({ type: 'action.run', conversation, name: action.name, values });
      if (!current()) return;
      set({ deed: { ...begun(action), done: true } });
      backTo(action.name);
    } catch (problem) {
      if (current()) turn({ running: false, ...said(problem, t) });
    }
  }

  return {
    /** @param {RecordAction} action @param {MouseEvent} event */
    press(action, event) {
      // The second click of a double click is not meant: by then the first may be done.
      if (ui().deed?.running || event.detail > 1) return;
      const asks = action.confirm !== null || action.fields.length > 0;
      set({ deed: { ...begun(action), asking: asks } });
      if (asks) focus('.deed input, .deed select, .deed .primary');
      else run();
    },
    /** Where nobody has written yet, the conversation is opened first. @param {{kind: string, id: string}} subject @param {RecordAction} action @param {MouseEvent} event */
    async beginWith(subject, action, event) {
      if (event.detail > 1) return;
      await startSubject(subject);
      if (ui().conversation) this.press(action, event);
    },
    /** @param {string} name @param {string} value */
    answer: (name, value) => turn({ values: { ...ui().deed?.values, [name]: value } }),
    run,
    /** @param {KeyboardEvent} event */
    deedKey(event) {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.stopPropagation();
      this.stopDeed();
    },
    stopDeed() {
      const { deed } = ui();
      if (!deed || deed.running) return;
      set({ deed: null });
      backTo(deed.action.name);
    },
  };
}

/** @param {RecordAction} action @returns {NonNullable<Ui['deed']>} */
function begun(action) {
  return { action, asking: false, values: {}, running: false, done: false, problem: null, wrong: {} };
}

/** Why not: the host's own words, where it has any. @param {any} problem @param {Translate} t */
function said(problem, t) {
  const { values = {} } = problem.fields ?? {};
  const words = SAID.includes(problem.code) && problem.message !== problem.code ? problem.message : problemText(problem, t);
  return { problem: words, wrong: Object.fromEntries(Object.entries(values).map(([name, complaints]) => [name, complaints.join(' ')])) };
}
