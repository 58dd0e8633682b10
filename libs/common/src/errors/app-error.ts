/** An unexpected failure with a code that stays the same across versions; codes are declared in `*.errors.ts`. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
