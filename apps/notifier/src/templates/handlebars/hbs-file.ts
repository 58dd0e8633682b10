/** A file of templates: the partial of its name without `.hbs`. */
export interface HbsFile {
  readonly name: string;
  readonly text: string;
}
