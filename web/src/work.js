// Does the work that a site asks for before a paste, in a worker: a message { challenge, bits } is answered by the proof.
import { solve } from './solve.js';

self.addEventListener('message', ({ data: { challenge, bits } }) => self.postMessage(solve(challenge, bits)));
