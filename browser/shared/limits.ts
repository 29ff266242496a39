// Limits that page and worker share.

/** The largest enclosure before sealing: 2 GiB. */
export const LARGEST = 2048 * 1024 * 1024;
