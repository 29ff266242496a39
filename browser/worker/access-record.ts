// The access list: who opened a letter, as the slot shows it.
import { verify } from './seal';
import type { Signed } from './seal';
import { check, isCivilDay, isCount, isOneOf, isSmall, strict } from './strict';

const ROLES = ['officer', 'custodian', 'approver', 'case-unit', 'finance', 'auditor', 'administrator'] as const;
const PURPOSES = [
  'sort', 'review', 'verify', 'answer', 'claim', 'ask-identity', 'open-identity', 'read-identity',
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

/** All records up to `day`; records with numbers up to `earlier` were left out for lack of room. */
export interface AccessList {
  mailbox: string;
  day: string;
  earlier: number;
  records: AccessRecord[];
}

/** The list, if the recorder has signed it for this mailbox without a gap. The post cannot forge one. */
export function readAccessList(signed: Signed, mailbox: string, recorder: string): AccessList | null {
  try {
    const list = strict(verify(signed, 'qingniao/access/v1', () => recorder), ['mailbox', 'day', 'earlier', 'records']);
    check(list.mailbox === mailbox && isCivilDay(list.day) && isCount(list.earlier) && Array.isArray(list.records));
    let last: number = list.earlier;
    for (const entry of list.records as unknown[]) {
      const record = strict(entry, ['number', 'day', 'role', 'person', 'purpose']);
      check(isCount(record.number) && record.number === last + 1 && isCivilDay(record.day) && isSmall(record.person));
      check(isOneOf(ROLES, record.role) && isOneOf(PURPOSES, record.purpose));
      last = record.number;
    }
    return list as unknown as AccessList;
  } catch {
    return null;
  }
}
