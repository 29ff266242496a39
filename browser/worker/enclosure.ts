// Enclosures: all attachments of a letter as one sealed stream, cut into parts.
import { createTarPacker } from 'modern-tar';
import { identityToRecipient } from 'age-encryption';
import { identityOf } from './receipt';
import { encrypterTo } from './seal';
import { safeNames } from '../shared/file-name';
import { sizeOf, TooMuch } from '../shared/enclosure-size';
import { sealedSize } from './visit';

export const PART = 4 * 1024 * 1024;
/** A file was changed, moved or deleted since it was chosen. */
export class FileChanged extends Error {
  constructor(
    /** Its name, as chosen. */
    readonly file: string,
  ) {
    super('a file changed');
  }
}

/** The properties of a file that sealing needs; the browser's `File` has them. */
export interface Attachment {
  name: string;
  size: number;
  stream(): ReadableStream<Uint8Array>;
}

export function partsOf(size: number): number {
  return Math.ceil(sealedSize(size) / PART);
}

/** The sealed enclosure in parts of 4 MiB; only one part is in memory. */
export async function* sealedParts(files: readonly Attachment[], seed: Uint8Array): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const recipient = await identityToRecipient(identityOf(seed));
  const reading = new Reading();
  const sealed = await encrypterTo(recipient).encrypt(padded(archive(files, reading), sizeOf(files)));
  let part = new Uint8Array(PART);
  let filled = 0;
  try {
    for await (const chunk of chunks(sealed)) {
      for (let at = 0; at < chunk.length; ) {
        const take = Math.min(chunk.length - at, PART - filled);
        part.set(chunk.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled === PART) {
          yield part;
          part = new Uint8Array(PART);
          filled = 0;
        }
      }
    }
  } catch (error) {
    // What the streams in between make of a file's error is their own.
    throw reading.changed ?? error;
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Reads files, and remembers one that is no longer as it was chosen. */
class Reading {
  changed: FileChanged | null = null;

  async *of(file: Attachment): AsyncGenerator<Uint8Array, void, undefined> {
    const changed = new FileChanged(file.name);
    let left = file.size;
    try {
      for await (const chunk of chunks(file.stream())) {
        left -= chunk.length;
        if (left < 0) throw changed;
        yield chunk;
      }
      if (left > 0) throw changed;
    } catch {
      this.changed = changed;
      throw changed;
    }
  }
}

/** A plain tar archive without times or owners, which would reveal more than the reporter chose to. */
function archive(files: readonly Attachment[], reading: Reading): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const names = safeNames(files.map((file) => file.name));
  const write = async (): Promise<void> => {
    for (const [index, file] of files.entries()) {
      const name = names[index] ?? `file-${index + 1}`;
      const body = controller.add({ name, size: file.size, type: 'file', mode: 0o600, mtime: new Date(0) });
      const writer = body.getWriter();
      for await (const chunk of reading.of(file)) await writer.write(chunk);
      await writer.close();
    }
    controller.finalize();
  };
  write().catch((error: unknown) => controller.error(error));
  return readable;
}

/** The archive, padded with zeros to its size. */
function padded(tar: ReadableStream<Uint8Array>, size: number): ReadableStream<Uint8Array> {
  const source = chunks(tar);
  let left = size;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await source.next();
      const bytes = next.done ? new Uint8Array(Math.min(left, 64 * 1024)) : next.value;
      if (bytes.length > left) throw new TooMuch();
      left -= bytes.length;
      if (bytes.length > 0) controller.enqueue(bytes);
      if (next.done && left === 0) controller.close();
    },
  });
}

/** Iterates over a stream's chunks; Safari cannot iterate over a stream itself. */
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
