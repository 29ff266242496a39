// The ordinary reward, computed as the post computes it, and awards in words, for the calculator and the mailbox. A
// test compares the computation with casework's results in `vectors/calculator.json`.
import { element } from './dom';
import { has, say } from './sentences';
import type { Award, AwardLine } from '../worker/slot';

export interface Rules {
  /** The document in which the rules are published. */
  policy: string;
  /** Share of the fine in basis points: 500 is 5 %. */
  rate: number;
  /** Largest reward, in fen. */
  cap: number;
}

/** The award for a fine in fen, line by line. Computed with exact integers and rounded down to whole fen. */
export function ordinary(fine: number, rules: Rules): Award {
  const { policy, rate, cap } = rules;
  if (fine === 0) return { policy, lines: [{ line: 'no-fine' }], due_fen: 0 };
  const share = Number((BigInt(fine) * BigInt(rate)) / 10_000n);
  const lines: AwardLine[] = [{ line: 'share', fine_fen: fine, basis_points: rate, share_fen: share }];
  if (share > cap) lines.push({ line: 'capped', cap_fen: cap });
  return { policy, lines, due_fen: Math.min(share, cap) };
}

/** An award in words: the amount due, and the steps of its computation. */
export function explained(award: Award): HTMLElement[] {
  const lines = element('ul');
  lines.append(...award.lines.map((line) => element('li', inWords(line))));
  const due = element('p', say(award.due_fen > 0 ? 'award-due' : 'award-none', { due: yuan(award.due_fen) }), 'state');
  due.id = 'award-due';
  return [due, lines];
}

function inWords(line: AwardLine): string {
  switch (line.line) {
    case 'share':
      return say('award-share', {
        fine: yuan(line.fine_fen), percent: line.basis_points / 100, share: yuan(line.share_fen),
      });
    case 'capped':
      return say('award-capped', { cap: yuan(line.cap_fen) });
    case 'joint':
      return say('award-joint', { count: line.reporters, share: yuan(line.share_fen) });
    case 'special':
      return say('award-special', { amount: yuan(line.amount_fen) });
    case 'several': {
      const fines = line.fines_fen.map(yuan).join(' + ');
      return say(line.summed ? 'award-summed' : 'award-highest', {
        count: line.fines_fen.length, fines, fine: yuan(line.fine_fen),
      });
    }
    case 'add-on':
      return say('award-add-on', { what: named(`add-on-${line.event}`), amount: yuan(line.amount_fen) });
    case 'excluded':
      return say('award-excluded', { who: named(`exclusion-${line.exclusion}`) });
    default:
      return say(`award-${line.line}`);
  }
}

/** A code of later rules for which this page has no words is shown as it is. */
const named = (key: string): string => (has(key) ? say(key) : key);

/** Formats fen as yuan: `6172839` as `61,728.39`. */
export function yuan(fen: number): string {
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${String(fen % 100).padStart(2, '0')}`;
}
