// An access record: who opened a letter, as the slot shows it.

/** A record for each person, role, purpose and day. */
export interface AccessRecord {
  number: number;
  day: string;
  role: string;
  /** The account's stable number at this post, never a name. */
  person: number;
  purpose: string;
  /** Whether the log contains it: proved, without a proof (yet), or with a proof that is wrong. */
  proof: 'proved' | 'none' | 'wrong';
}
