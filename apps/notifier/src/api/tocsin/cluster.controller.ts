import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { sendJson } from '@tocsin/common/http/error.filter';
import type { FastifyReply } from 'fastify';
import { type StateView } from '../../outage/state-phase';
import { clusterView } from './cluster-view';

/** What `GET /api/tocsin/v1/cluster` tells of. */
export interface ClusterParts {
  /** Null until this notifier has joined. */
  readonly instances: () => InstanceRegistry | null;
  /** Null: the state is shared with nobody. */
  readonly state: () => StateView | null;
}

export const CLUSTER_PARTS = Symbol('ClusterParts');

/** `GET /api/tocsin/v1/cluster`: who works on this state, and whether it is there. */
@Controller('api/tocsin/v1/cluster')
export class ClusterController {
  constructor(@Inject(CLUSTER_PARTS) private readonly parts: ClusterParts) {}

  @Get()
  get(@Res() reply: FastifyReply): void {
    sendJson(reply, clusterView(this.parts.instances(), this.parts.state()));
  }
}
