// Helpers for elements of the pages.

/** An element that the page must have; its absence is a programming error. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

export function show(element: HTMLElement, visible = true): void {
  element.hidden = !visible;
}

/** Shows one step of a page, and moves focus to its heading, which screen readers announce. */
export function step(id: string): void {
  for (const section of document.querySelectorAll<HTMLElement>('[data-step]')) show(section, section.id === id);
  const heading = byId(id).querySelector<HTMLElement>('h1, h2');
  heading?.focus();
  window.scrollTo(0, 0);
}

/** Shows a problem next to its cause; an empty sentence hides it. */
export function problem(element: HTMLElement, sentence: string): void {
  element.textContent = sentence;
  show(element, sentence !== '');
  if (sentence !== '') element.scrollIntoView({ block: 'center' });
}

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text = '',
  className = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
