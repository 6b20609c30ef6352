// Buttons that copy.
import { words } from './words.js';

/**
 * Shows a button and makes it copy.
 * @param {HTMLElement} button
 * @param {() => string} content
 */
export function copyButton(button, content) {
  // Browsers lend the clipboard only to pages that came over HTTPS or from this computer.
  if (!navigator.clipboard) return;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const isCopied = await navigator.clipboard.writeText(content()).then(() => true, () => false);
    button.textContent = isCopied ? words['act.copied'] : words['act.not-allowed'];
    setTimeout(() => (button.textContent = label), 1500);
  });
}
