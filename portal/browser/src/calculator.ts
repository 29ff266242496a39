// The calculator on the rules page.
import { byId, problem } from './dom';
import { fenOf, ordinary, yuan } from './reward';
import { say } from './sentences';

export function calculator(): void {
  const form = byId('calculator');
  const rules = { rate: Number(form.dataset['rate']), cap: Number(form.dataset['cap']) };
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fine = fenOf(byId<HTMLInputElement>('fine').value);
    const result = byId('reward');
    problem(byId('fine-problem'), fine === null ? say('fine-not-understood') : '');
    result.textContent = '';
    if (fine === null) return;
    const { share, due, capped } = ordinary(fine, rules);
    const values = { fine: yuan(fine), share: yuan(share), due: yuan(due) };
    result.textContent = say(capped ? 'reward-capped' : 'reward-plain', values);
  });
}
