/** A silence was changed by others again and again while it should be written. */
export const SILENCE_CONTENTION = 'silence.contention';
