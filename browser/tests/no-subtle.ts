// Some phones have no `crypto.subtle` at onion addresses; nothing of ours may need it.
Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined });

export {};
