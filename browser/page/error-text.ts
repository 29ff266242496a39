// The sentence for any error.
import { ApiError } from '../shared/api';
import { sayError } from './sentences';
import { WorkerError } from './worker-client';

export function sentenceOf(error: unknown): string {
  if (error instanceof WorkerError) return sayError(error.failure.code, error.failure.at, error.failure.name);
  if (error instanceof ApiError) return sayError(error.code, 0);
  return sayError('unexpected', 0);
}
