// The button that shows the address as a QR code, and hides it again.
import { element } from './element.js';
import { words } from './words.js';

/**
 * @param {HTMLElement} button
 * @param {string} module where qr.js is: nothing is loaded before somebody asks
 */
export function qrButton(button, module) {
  const place = element('div', { className: 'code' });
  button.hidden = false;
  button.ariaExpanded = 'false';
  button.addEventListener('click', async () => {
    const isShown = place.isConnected;
    button.ariaExpanded = String(!isShown);
    place.remove();
    if (isShown) return;
    const qr = /** @type {typeof import('./qr.js') | undefined} */ (await import(module).catch(() => undefined));
    // The address as it is now: with the lines that were chosen, and behind the # of an encrypted paste with its key.
    if (!qr?.showQr(location.href, place)) place.textContent = words['qr.none'];
    button.closest('.meta')?.after(place);
  });
}
