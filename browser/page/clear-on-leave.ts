// Leaving nothing behind: what was typed or shown is emptied when a page is done or left.

/** Empties every field and every element marked `data-private`. */
export function forget(): void {
  for (const form of document.querySelectorAll('form')) form.reset();
  for (const shown of document.querySelectorAll('[data-private]')) shown.replaceChildren();
}

/**
 * Forgets when the page is left, by its own button or by going elsewhere. `unfinished` says
 * whether something would be lost, so that the browser asks first.
 */
export function forgetOnLeaving(unfinished: () => boolean): void {
  let leaving = false;
  window.addEventListener('beforeunload', (event) => {
    if (!leaving && unfinished()) event.preventDefault();
  });
  window.addEventListener('pagehide', forget);
  // Some browsers keep a left page in memory and show it again on "back".
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload();
  });
  for (const button of document.querySelectorAll('[data-clear]')) {
    button.addEventListener('click', () => {
      leaving = true;
      forget();
      window.location.replace('about:blank');
    });
  }
}
