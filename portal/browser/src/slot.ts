// Opening a slot: the one sealed answer that a mailbox holds.
import type { Reporter } from './receipt';
import { open, strict, unpad, verify } from './seal';
import { SLOT } from './visit';

export interface FirstSlot {
  kind: 'first';
  mailbox: string;
  letter: 'report' | 'cover';
  day: string;
  received: string[];
}

export interface PostSlot {
  kind: 'post';
  mailbox: string;
  number: number;
  day: string;
  received: string[];
  state: 'received' | 'read' | 'answered';
  messages: { day: string; text: string }[];
  dropped: boolean;
}

export type Slot = FirstSlot | PostSlot;

/** Opens and verifies: a first slot under the reporter's own key, any other under the post's. */
export async function openSlot(sealed: Uint8Array, reporter: Reporter, postKey: string): Promise<Slot> {
  const signed = unpad(await open(reporter.identity, sealed), SLOT);
  const claimed = verify(signed, 'qingniao/slot/v1', (slot) =>
    (slot as { kind?: unknown }).kind === 'first' ? reporter.verifyWith : postKey,
  );
  const slot = read(claimed);
  if (slot.mailbox !== reporter.mailbox) throw new Error('the slot belongs to another mailbox');
  return slot;
}

function read(value: unknown): Slot {
  const kind = (value as { kind?: unknown }).kind;
  if (kind === 'first') {
    const slot = strict(value, ['kind', 'mailbox', 'letter', 'day', 'received']);
    check(slot.letter === 'report' || slot.letter === 'cover');
    check(isText(slot.mailbox) && isText(slot.day) && isTexts(slot.received));
    return slot as unknown as FirstSlot;
  }
  const fields = ['kind', 'mailbox', 'number', 'day', 'received', 'state', 'messages', 'dropped'] as const;
  const slot = strict(value, fields);
  check(kind === 'post' && isText(slot.mailbox) && isText(slot.day) && isTexts(slot.received));
  check(Number.isSafeInteger(slot.number) && typeof slot.dropped === 'boolean');
  check(['received', 'read', 'answered'].includes(slot.state as string) && Array.isArray(slot.messages));
  for (const entry of slot.messages as unknown[]) {
    const message = strict(entry, ['day', 'text']);
    check(isText(message.day) && isText(message.text));
  }
  return slot as unknown as PostSlot;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

function check(holds: boolean): void {
  if (!holds) throw new Error('the slot is not of its format');
}
