// Leaves nothing behind: typed and shown content is erased when a page is finished or left.

/** Erases every field and every element marked `data-private`. */
export function forget(): void {
  for (const form of document.querySelectorAll('form')) form.reset();
  for (const shown of document.querySelectorAll('[data-private]')) shown.replaceChildren();
}

/**
 * Erases content when the page is left, by its own button or by navigation. `unfinished` says whether something would
 * be lost; the browser then asks first.
 */
export function forgetOnLeaving(unfinished: () => boolean): void {
  let leaving = false;
  window.addEventListener('beforeunload', (event) => {
    if (leaving || !unfinished()) return;
    event.preventDefault();
    // Chromium before version 119 asks only for this.
    event.returnValue = true;
  });
  window.addEventListener('pagehide', forget);
  // Some browsers keep a page in memory after it is left, and show it again on "back".
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
