// The access list: who opened a letter, as the slot shows it.
import { verify } from './seal';
import type { Signed } from './seal';
import { check, isCivilDay, isCount, isOneOf, isSmall, strict } from './strict';

const ROLES = ['officer', 'custodian', 'approver', 'case-unit', 'finance', 'auditor', 'administrator'] as const;
const PURPOSES = [
  'review', 'verify', 'answer', 'claim', 'ask-identity', 'open-identity', 'read-identity',
] as const;

/** A record for each person, role, purpose and day. */
export interface AccessRecord {
  number: number;
  day: string;
  role: (typeof ROLES)[number];
  /** The account's stable number at this post, never a name. */
  person: number;
  purpose: (typeof PURPOSES)[number];
  /** Whether the log contains it: proved, without a proof (yet), or with a proof that is wrong. */
  proof: 'proved' | 'none' | 'wrong';
}

/** The newest records, all of which a list has. */
const NEWEST = 30;

/** All records up to `day`: the newest ones and older openings of the identity; the others are counted. */
export interface AccessList {
  mailbox: string;
  day: string;
  /** How many older records were left out for lack of room, by purpose. */
  earlier: { purpose: (typeof PURPOSES)[number]; count: number }[];
  records: AccessRecord[];
}

/** The list, if the recorder has signed it for this mailbox without a gap. The post cannot forge one. */
export function readAccessList(signed: Signed, mailbox: string, recorder: string): AccessList | null {
  try {
    const list = strict(verify(signed, 'qingniao/access/v2', () => recorder), ['mailbox', 'day', 'earlier', 'records']);
    check(list.mailbox === mailbox && isCivilDay(list.day));
    check(Array.isArray(list.earlier) && Array.isArray(list.records));
    const earlier = (list.earlier as unknown[]).map(readEarlier);
    const numbers = (list.records as unknown[]).map(readNumber);
    check(isComplete(numbers, earlier));
    return list as unknown as AccessList;
  } catch {
    return null;
  }
}

function readEarlier(value: unknown): AccessList['earlier'][number] {
  const earlier = strict(value, ['purpose', 'count']);
  check(isOneOf(PURPOSES, earlier.purpose) && isCount(earlier.count));
  return earlier as unknown as AccessList['earlier'][number];
}

function readNumber(value: unknown): number {
  const record = strict(value, ['number', 'day', 'role', 'person', 'purpose']);
  check(isCount(record.number) && isCivilDay(record.day) && isSmall(record.person));
  check(isOneOf(ROLES, record.role) && isOneOf(PURPOSES, record.purpose));
  return record.number;
}

/** Whether every number from 1 to the newest is listed or counted, and the newest are all listed. */
function isComplete(numbers: number[], earlier: AccessList['earlier']): boolean {
  const newest = numbers.slice(-NEWEST);
  const ascending = numbers.every((number, at) => number > (numbers[at - 1] ?? 0));
  const withoutGap = newest.every((number, at) => at === 0 || number === (newest[at - 1] ?? 0) + 1);
  const counted = earlier.reduce((sum, { count }) => sum + count, 0);
  const whole = counted + numbers.length === (numbers.at(-1) ?? 0);
  const once = new Set(earlier.map(({ purpose }) => purpose)).size === earlier.length;
  const full = earlier.length === 0 || newest.length === NEWEST;
  return ascending && withoutGap && whole && once && full && earlier.every(({ count }) => count > 0);
}
