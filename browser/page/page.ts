// Starts a page. Every page loads the same script and worker, so that loading them reveals nothing.
import { calculator } from './calculator';
import { mailboxPage } from './mailbox';
import { reportPage } from './report';
import { SealWorker } from './worker-client';

// A link within the page moves the focus alone: as an entry of the history it would count as "back".
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
  link.addEventListener('click', (event) => {
    const target = document.getElementById(link.hash.slice(1));
    if (target === null) return;
    event.preventDefault();
    target.tabIndex = -1;
    target.focus();
  });
}

const worker = new SealWorker();
switch (document.body.dataset['page']) {
  case 'report':
    reportPage(worker);
    break;
  case 'mailbox':
    mailboxPage(worker);
    break;
  case 'rules':
    calculator();
    break;
}
