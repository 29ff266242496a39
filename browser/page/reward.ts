// The ordinary reward, by the same rule as the post computes it, and every award in words: the calculator
// and the mailbox share both. `vectors/calculator.json` holds them to casework.
import { element } from './dom';
import { has, say } from './sentences';
import type { Award, AwardLine } from '../worker/slot';

export interface Rules {
  /** The document that the rules come from. */
  policy: string;
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

/** The award for a fine, line by line: whole fen, rounded down, with exact integers. */
export function ordinary(fine: number, rules: Rules): Award {
  const { policy, rate, cap } = rules;
  if (fine === 0) return { policy, lines: [{ line: 'no-fine' }], due_fen: 0 };
  const share = Number((BigInt(fine) * BigInt(rate)) / 10_000n);
  const lines: AwardLine[] = [{ line: 'share', fine_fen: fine, basis_points: rate, share_fen: share }];
  if (share > cap) lines.push({ line: 'capped', cap_fen: cap });
  return { policy, lines, due_fen: Math.min(share, cap) };
}

/** An award in words: what is due, and the steps to it. */
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

/** A code that later rules may have before this page has its words stands for itself. */
const named = (key: string): string => (has(key) ? say(key) : key);

/** `6172839` as `61,728.39`. */
export function yuan(fen: number): string {
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${String(fen % 100).padStart(2, '0')}`;
}
