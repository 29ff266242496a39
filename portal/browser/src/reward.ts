// The ordinary reward, by the same rule as the post computes it; `vectors/calculator.json` holds both to it.

export interface Rules {
  /** Share of the fine in basis points: 500 are 5 %. */
  rate: number;
  /** The most, in fen. */
  cap: number;
}

/** Reads yuan with at most two decimals into fen; null when it is no such amount. */
export function fenOf(typed: string): number | null {
  const plain = typed.normalize('NFKC').replace(/[\s,，元¥]/g, '');
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(plain);
  if (match === null) return null;
  const fen = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return Number.isSafeInteger(fen) ? fen : null;
}

/** Whole fen, rounded down, with exact integers. */
export function ordinary(fine: number, rules: Rules): { share: number; due: number; capped: boolean } {
  const share = Number((BigInt(fine) * BigInt(rules.rate)) / 10_000n);
  const due = Math.min(share, rules.cap);
  return { share, due, capped: due < share };
}

/** `6172839` as `61,728.39`. */
export function yuan(fen: number): string {
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${String(fen % 100).padStart(2, '0')}`;
}
