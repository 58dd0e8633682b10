import { Controller, Get, Inject, Query as QueryOf, Res } from '@nestjs/common';
import { sendJsonPieces } from '@tocsin/common/http/json-slices.sender';
import type { FastifyReply } from 'fastify';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type GroupWithAlerts, queryGroups } from '../alert-queries';
import { groupMembers } from '../../pipeline/flush-context';
import { haveTemplates } from '../../templates/render-route-labels';
import { accepted, parseAlertFilter, type Query } from './alert-query.schema';
import { groupsJson } from './alert-view';
import { API_PARTS, type ApiParts, querySource } from './api-parts';

/** `GET /api/v2/alerts/groups`. */
@Controller('api/v2/alerts/groups')
export class AlertGroupsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  get(@QueryOf() query: Query, @Res() reply: FastifyReply): void {
    const filter = accepted(parseAlertFilter(query, this.parts.matcherMode), this.parts.log);
    const nowMs = this.parts.clock.nowMs();
    const { alerts, active, routeLabelsOf } = this.parts;
    const groups = queryGroups(querySource(this.parts, nowMs), filter, nowMs);
    const labelsOf = ({ group }: GroupWithAlerts): Labels => {
      const { labels } = group.route;
      if (!haveTemplates(labels)) return labels;
      return routeLabelsOf(group, groupMembers(active.groups, alerts, group.id), nowMs);
    };
    sendJsonPieces(reply, groupsJson(groups, labelsOf));
  }
}
