import { AppError } from '@tocsin/common/errors/app-error';

/** Other writers changed the same alerts again and again while these were merged. */
export class IngestContentionError extends AppError {
  constructor(alerts: number) {
    super('ingest.contention', `${alerts} alerts were changed by others in every attempt to store them`);
  }
}
