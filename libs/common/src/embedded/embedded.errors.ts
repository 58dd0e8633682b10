/** The storage path is held by another process, or by another part of this one. */
export const STORAGE_IN_USE = 'storage_in_use';

/** The storage path cannot be opened. */
export const STORAGE_UNUSABLE = 'storage_unusable';

/** The disk has no room; what was to be written is held in memory until it has. */
export const STORAGE_FULL = 'storage_full';

/** A write failed for another reason than a full disk; nothing is written until a restart. */
export const STORAGE_WRITE_FAILED = 'storage_write_failed';
