// The page's sentences. The TypeScript code contains no text; each page has its sentences in a <template>.

let all: Map<string, string> | null = null;

function sentences(): Map<string, string> {
  if (all !== null) return all;
  all = new Map();
  const template = document.querySelector<HTMLTemplateElement>('template#sentences');
  for (const element of template?.content.querySelectorAll<HTMLElement>('[data-key]') ?? []) {
    all.set(element.dataset['key'] ?? '', element.textContent ?? '');
  }
  return all;
}

/**
 * A sentence with its `{names}` filled in. A missing sentence is replaced by that of an unexpected error; keys are
 * never shown.
 */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const sentence = sentences().get(key) ?? sentences().get('error-unexpected') ?? '';
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

export function has(key: string): boolean {
  return sentences().has(key);
}

/** The sentence for a stable error code, or that of an unexpected error. */
export function sayError(code: string, at: number, name = ''): string {
  return has(`error-${code}`) ? say(`error-${code}`, { at, name }) : say('error-unexpected');
}
