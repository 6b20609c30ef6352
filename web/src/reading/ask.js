/** Work that takes longer is given up: its worker is ended. */
const patience = 10_000;

/**
 * Has a worker beside this module do something, off the page's own thread.
 * @template Answer
 * @param {string} worker its file
 * @param {unknown} question
 * @returns {Promise<Answer | undefined>} undefined when it failed or took too long
 */
export async function ask(worker, question) {
  const helper = new Worker(new URL(worker, import.meta.url), { type: 'module' });
  const answer = new Promise((/** @type {(answer: Answer | undefined) => void} */ resolve) => {
    helper.addEventListener('message', ({ data }) => resolve(data));
    helper.addEventListener('error', () => resolve(undefined));
    setTimeout(() => resolve(undefined), patience);
  });
  helper.postMessage(question);
  const found = await answer;
  helper.terminate();
  return found;
}

/**
 * The other end, in the worker. What fails there, also in a promise, is answered at once.
 * @param {(question: any) => unknown} work
 */
export function answer(work) {
  self.addEventListener('message', async ({ data }) => {
    const found = await Promise.resolve(data).then(work).catch(() => undefined);
    self.postMessage(found);
  });
}
