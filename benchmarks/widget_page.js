/** What the measuring page does in the browser: runs before any script of the page. */

{
  /** @type {WebSocket[]} */
  const sockets = [];
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...address) {
      super(...address);
      sockets.push(this);
    }
  };

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  /** After the next drawing has been laid out and painted. */
  const painted = () => frame().then(() => new Promise((resolve) => setTimeout(resolve, 0)));
  const element = () => document.querySelector('flask-chat');
  const box = () => element().shadowRoot.querySelector('.messages');
  const rows = () => element().shadowRoot.querySelectorAll('.rows > *').length;
  let change = 0;
  let pressed = 0;

  addEventListener('keydown', (event) => event.key === 'Enter' && (pressed = Date.now()), { capture: true });

  const bench = (window.bench = {
    own: null,
    get client() {
      return element().client;
    },
    get pressed() {
      return pressed;
    },

    /** The conversation's history as the server of this bench has it: at full length. */
    async load(conversation) {
      await bench.client.dispatch({ type: 'conversation.open', conversation });
      await bench.client.dispatch({ type: 'history.retry', conversation });
    },

    /** From the click to the painted thread, the panel and its modules being there. */
    async open(conversation) {
      await element().open();
      await painted();
      const item = await bench.appears(`[data-conversation="${conversation}"]`);
      // Once for the modules and the compiler; what counts is the next time.
      item.click();
      await bench.appears('.rows > [data-seq]');
      element().shadowRoot.querySelector('.main .header button').click();
      await painted();
      const again = await bench.appears(`[data-conversation="${conversation}"]`);
      await painted();
      const began = performance.now();
      again.click();
      await bench.appears('.rows > [data-seq]');
      await painted();
      return performance.now() - began;
    },

    async appears(selector) {
      for (;;) {
        const found = element().shadowRoot.querySelector(selector);
        if (found) return found;
        await frame();
      }
    },

    /** A frame of the server's. */
    hear(conversation) {
      const known = bench.client.getSnapshot().conversations[conversation];
      const [seq, number] = [known.last_seq + 1, known.last + 1];
      const data = {
        id: `x${++change}`, conversation, seq, change: number, kind: 'user', body: `incoming ${seq}`, client_id: null,
        author: known.members.find((member) => member.id !== bench.client.getSnapshot().me.id), edited_at: null,
        created_at: new Date().toISOString(), deleted: false, reply_to: null,
      };
      const text = JSON.stringify({ type: 'message.posted', conversation, change: number, data });
      sockets[sockets.length - 1].dispatchEvent(new MessageEvent('message', { data: text }));
    },

    async run(conversation) {
      return { ...(await bench.incoming(conversation)), ...(await bench.scroll()) };
    },

    async incoming(conversation) {
      const times = [];
      for (let count = 0; count < 15; count++) {
        await painted();
        const began = performance.now();
        bench.hear(conversation);
        const heard = performance.now() - began;
        times.push(heard + (await bench.drawing()));
      }
      await painted();
      const began = performance.now();
      for (let count = 0; count < 500; count++) bench.hear(conversation);
      await painted();
      return { one: times.sort((one, other) => one - other)[7], burst: performance.now() - began, rows: rows() };
    },

    /** What the frame costs that draws, layout included: callbacks run in the order they were asked for. */
    drawing() {
      return new Promise((resolve) => {
        let began = 0;
        const first = document.timeline.currentTime;
        requestAnimationFrame(() => {
          void box().scrollHeight;
          resolve(Math.max(0, performance.now() - (began || document.timeline.currentTime || first)));
        });
      });
    },

    async scroll() {
      const times = [];
      let most = 0;
      let before = await frame();
      const end = before + 3_000;
      while (before < end) {
        box().scrollTop -= 90;
        const now = await frame();
        times.push(now - before);
        most = Math.max(most, rows());
        before = now;
      }
      const whole = times.reduce((sum, time) => sum + time, 0);
      return { frames: (times.length / whole) * 1_000, worst: Math.max(...times), rows: most };
    },

    /** Resolves with the milliseconds since Enter, once a row with these words has been painted. */
    awaitOwn(words) {
      bench.own = (async () => {
        const there = () => [...element().shadowRoot.querySelectorAll('.rows .text')].slice(-3).some((text) => text.textContent === words);
        while (!there()) await frame();
        await painted();
        return Date.now() - pressed;
      })();
    },

    async cycle(times) {
      for (let count = 0; count < times; count++) {
        await element().open();
        await painted();
        element().close();
        await painted();
      }
    },
  });
}
