// A record of who opened a letter, as the slot tells it.

/** One for each person, role, purpose and day. */
export interface AccessRecord {
  number: number;
  day: string;
  role: string;
  /** A stable number at this post, never a name. */
  person: number;
  purpose: string;
  /** Whether it stands in the log: proved, not proved (yet), or shown with a proof that is wrong. */
  proof: 'proved' | 'none' | 'wrong';
}
