// What somebody typed and has not pasted yet, kept in this browser: in the tab, and where it may last, for all tabs to come.

/** @typedef {{ text: string, language: string, name: string, comment: string }} Draft */

const key = 'draft';
const longestText = 1 << 20;
const lasts = 7 * 24 * 3600 * 1000;
const delay = 400;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let write = () => {};

/**
 * Browsers may keep nothing, or have no room: then there are no drafts.
 * @template T
 * @param {() => T} act
 */
export function trying(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/**
 * Keeps it a moment later, when nothing more was typed.
 * @param {() => Draft} read
 * @param {() => boolean} isLasting whether it may outlive the tab
 */
export function keep(read, isLasting) {
  clearTimeout(timer);
  write = () => {
    timer = undefined;
    const draft = read();
    if (draft.text === '' || draft.text.length > longestText) return forget();
    const kept = JSON.stringify({ ...draft, at: Date.now() });
    if (isLasting()) trying(() => localStorage.setItem(key, kept));
    else forgetLasting();
    trying(() => sessionStorage.setItem(key, kept));
  };
  timer = setTimeout(write, delay);
}

/** Whoever leaves the page in the middle of a word finds it again. */
export function keepNow() {
  if (timer === undefined) return;
  clearTimeout(timer);
  write();
}

export function forget() {
  clearTimeout(timer);
  timer = undefined;
  forgetLasting();
  trying(() => sessionStorage.removeItem(key));
}

/** Another tab's is left to it. */
function forgetLasting() {
  trying(() => sessionStorage.getItem(key) === localStorage.getItem(key) && localStorage.removeItem(key));
}

/**
 * What was kept last in this tab, or else in any.
 * @returns {Draft | undefined}
 */
export function find() {
  for (const place of [() => sessionStorage, () => localStorage]) {
    const kept = trying(() => JSON.parse(place().getItem(key) ?? 'null'));
    if (typeof kept?.text !== 'string' || kept.at < Date.now() - lasts) {
      trying(() => place().removeItem(key));
      continue;
    }
    trying(() => sessionStorage.setItem(key, JSON.stringify(kept)));
    return kept;
  }
  return undefined;
}
