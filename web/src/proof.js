// Gets the work done that a site asks for before a paste (docs/operate/abuse.md): beside the page's thread, while somebody types.

/** A proof that would be too old in a moment is made anew. */
const margin = 30_000;

/**
 * @param {string} from where it is asked for; '' where none is
 * @param {string} script the worker
 */
export function prover(from, script) {
  /** @type {Promise<string> | undefined} */
  let proof;
  let until = 0;

  async function work() {
    const answer = await fetch(from, { cache: 'no-store' });
    if (answer.status === 204) return '';
    if (!answer.ok) throw new Error(`asked for work, the site answered ${answer.status}`);
    const { challenge, bits, seconds } = await answer.json();
    until = Date.now() + seconds * 1000 - margin;
    const worker = new Worker(script, { type: 'module' });
    try {
      return await new Promise((/** @type {(proof: string) => void} */ resolve, reject) => {
        worker.addEventListener('message', ({ data }) => resolve(data));
        worker.addEventListener('error', reject);
        worker.postMessage({ challenge, bits });
      });
    } finally {
      worker.terminate();
    }
  }

  return {
    /** Begins, unless it has begun or is done and still holds. Rejected when the browser or the site cannot. */
    begin() {
      if (from === '') return Promise.resolve('');
      if (proof && Date.now() < until) return proof;
      until = Infinity;
      const begun = work();
      proof = begun;
      begun.catch(() => (proof = undefined));
      return begun;
    },
    /** Each is good for one paste, whatever becomes of that. */
    drop() {
      proof = undefined;
    },
  };
}
