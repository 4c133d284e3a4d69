// Times on a page's main thread, from the browser's own trace: every task, whoever caused it. They are of the thread's
// own clock, which stands still while the machine does something else.

const CATEGORIES = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'blink.user_timing', 'toplevel'];
const BEGIN = 'bench-begin';
const END = 'bench-end';
/** May be set in between, as `performance.mark`. */
const BUILT = 'bench-built';

/**
 * Traces `act(begin, end)` in a page, which calls both; gives the tasks between the two.
 * @returns {Promise<{totalMs: number, longestMs: number, builtMs: number, timers: number, frames: number}>} `builtMs` up to the mark in between
 */
export async function traced(browser, page, act, argument) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.evaluate(({ act, argument, BEGIN, END }) => new Promise((resolve) => {
    const begin = () => performance.mark(BEGIN);
    const end = () => {
      performance.mark(END);
      setTimeout(resolve, 50);
    };
    // In a task of its own, so that the call from outside is none of it.
    setTimeout(() => Function(`return (${act})`)()(begin, end, argument), 20);
  }), { act: act.toString(), argument, BEGIN, END });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return tasksBetween(traceEvents);
}

function tasksBetween(events) {
  const mark = (name) => events.find((event) => event.name === name && event.cat.includes('user_timing'));
  const [begin, end] = [mark(BEGIN), mark(END)];
  if (!begin || !end) throw new Error('the trace lost a mark');
  const own = events.filter((event) => event.pid === begin.pid && event.tid === begin.tid && event.ts + (event.dur ?? 0) > begin.ts && event.ts < end.ts);
  const tasks = own.filter((event) => event.name === 'RunTask' || event.name === 'ThreadControllerImpl::RunTask');
  const names = new Set(tasks.map((task) => task.name));
  const name = names.has('RunTask') ? 'RunTask' : [...names][0];
  const times = tasks
    .filter((task) => task.name === name)
    .map(({ tts, tdur }) => (Math.min(tts + tdur, end.tts) - Math.max(tts, begin.tts)) / 1000);
  const count = (name) => own.filter((event) => event.name === name).length;
  return {
    totalMs: times.reduce((sum, time) => sum + time, 0),
    longestMs: Math.max(0, ...times),
    builtMs: ((mark(BUILT) ?? end).tts - begin.tts) / 1000,
    timers: count('TimerFire'),
    frames: count('FireAnimationFrame'),
  };
}
