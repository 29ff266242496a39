// The calculator on the rules page.
import { byId, problem } from './dom';
import { explained, ordinary } from './reward';
import { say } from './sentences';
import { fenOf } from '../shared/amount';

export function calculator(): void {
  const form = byId('calculator');
  const { policy, rate, cap } = form.dataset;
  const rules = { policy: policy ?? '', rate: Number(rate), cap: Number(cap) };
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fine = fenOf(byId<HTMLInputElement>('fine').value);
    problem(byId('fine-problem'), fine === null ? say('fine-not-understood') : '');
    byId('reward').replaceChildren(...(fine === null ? [] : explained(ordinary(fine, rules))));
  });
}
