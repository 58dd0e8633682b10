/** Why a template cannot be parsed, escaped or executed. */
export interface TemplateError {
  /** Go's whole message: `template: NAME:LINE:COLUMN: executing "NAME" at <EXPR>: REASON`. */
  readonly message: string;
  /** The message without where it happened. */
  readonly reason: string;
  /** The file, or the template that was compiled on its own. */
  readonly name: string;
  readonly line: number;
  /** In bytes from 0, as Go counts; null where Go tells only the line. */
  readonly column: number | null;
}
