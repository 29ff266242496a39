// Starts a page. Every page loads the same script and worker, so that loading them reveals nothing.
import { calculator } from './calculator';
import { mailboxPage } from './mailbox';
import { reportPage } from './report';
import { SealWorker } from './worker-client';

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
