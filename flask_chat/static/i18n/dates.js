/** Moments in words of the reader's language and time zone. */

/** @import { Translate } from './translate.js' */

const DAY_MS = 86_400_000;

/** @typedef {ReturnType<typeof calendar>} Calendar */

/** @param {Translate} t @param {() => number} now */
export function calendar(t, now) {
  /** @param {Intl.DateTimeFormatOptions} options */
  const formatter = (options) => new Intl.DateTimeFormat(t.language, options);
  const time = formatter({ hour: 'numeric', minute: '2-digit' });
  const weekday = formatter({ weekday: 'short' });
  const date = formatter({ day: 'numeric', month: 'short' });
  const long = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
  const exact = formatter({ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
  const year = formatter({ day: 'numeric', month: 'long', year: 'numeric' });

  /** Whole days before today. @param {Date} moment */
  const age = (moment) => Math.round((midnight(new Date(now())) - midnight(moment)) / DAY_MS);

  return {
    /** 10:42 @param {string|number} moment */
    time: (moment) => time.format(new Date(moment)),

    /** Mon 3 March, 08:00 @param {string} moment */
    at: (moment) => exact.format(new Date(moment)),

    /** Today, Yesterday, Monday 3 March, 3 March 2024 @param {string} moment */
    day(moment) {
      const then = new Date(moment);
      const days = age(then);
      if (days === 0) return t('today');
      if (days === 1) return t('yesterday');
      return (days < 300 ? long : year).format(then);
    },

    /** For lists: 10:42, Mon, 3 Mar @param {string} moment */
    short(moment) {
      const then = new Date(moment);
      const days = age(then);
      if (days <= 0) return time.format(then);
      if (days < 7) return weekday.format(then);
      return days < 300 ? date.format(then) : year.format(then);
    },
  };
}

/** The same for all moments of a local day. @param {string} moment */
export function dayOf(moment) {
  return midnight(new Date(moment));
}

/** @param {Date} moment */
function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
