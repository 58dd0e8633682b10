import { counter, gauge, histogram, summary } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';

const GOSSIP = 'Always 0: there is no gossip.';
const SNAPSHOT = 'Always 0: state is written as it changes, there are no snapshots.';
/** Go's default ones. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const NFLOG = 'Always 0: notification records are looked up in batches, and expire by themselves.';

/** Metrics of Alertmanager that have nothing to count here; they exist because dashboards and alerts ask for them. */
export const peerMetrics = {
  channelWrites: counter(
    'alertmanager_alerts_subscriber_channel_writes_total',
    'Always 0: alerts are not handed on through channels.',
    ['subscriber'],
  ),
  processing: summary(
    'alertmanager_dispatcher_alert_processing_duration_seconds',
    'Always 0: routing is part of taking an alert in.',
  ),
  groupLimit: counter(
    'alertmanager_dispatcher_aggregation_group_limit_reached_total',
    'Always 0: the number of groups has no limit.',
  ),
  groupRetries: counter(
    'alertmanager_dispatcher_aggregation_group_creation_retries_total',
    'Always 0: a group cannot go away while an alert joins it.',
  ),
  groupGivenUp: counter('alertmanager_dispatcher_aggregation_group_creation_given_up_total', 'Always 0, likewise.'),
  nflogGc: summary('alertmanager_nflog_gc_duration_seconds', NFLOG),
  nflogSnapshot: summary('alertmanager_nflog_snapshot_duration_seconds', SNAPSHOT),
  nflogSnapshotSize: gauge('alertmanager_nflog_snapshot_size_bytes', SNAPSHOT),
  nflogMaintenance: counter('alertmanager_nflog_maintenance_total', SNAPSHOT),
  nflogMaintenanceErrors: counter('alertmanager_nflog_maintenance_errors_total', SNAPSHOT),
  nflogQueries: counter('alertmanager_nflog_queries_total', NFLOG),
  nflogQueryErrors: counter('alertmanager_nflog_query_errors_total', NFLOG),
  nflogQuery: histogram('alertmanager_nflog_query_duration_seconds', NFLOG, BUCKETS),
  nflogGossip: counter('alertmanager_nflog_gossip_messages_propagated_total', GOSSIP),
  messagesQueued: gauge('alertmanager_cluster_messages_queued', GOSSIP),
  messagesPruned: counter('alertmanager_cluster_messages_pruned_total', GOSSIP),
  received: counter('alertmanager_cluster_messages_received_total', GOSSIP, ['msg_type']),
  receivedSize: counter('alertmanager_cluster_messages_received_size_total', GOSSIP, ['msg_type']),
  sent: counter('alertmanager_cluster_messages_sent_total', GOSSIP, ['msg_type']),
  sentSize: counter('alertmanager_cluster_messages_sent_size_total', GOSSIP, ['msg_type']),
  reconnections: counter('alertmanager_cluster_reconnections_total', GOSSIP),
  reconnectionsFailed: counter('alertmanager_cluster_reconnections_failed_total', GOSSIP),
  refreshJoin: counter('alertmanager_cluster_refresh_join_total', GOSSIP),
  refreshJoinFailed: counter('alertmanager_cluster_refresh_join_failed_total', GOSSIP),
  peersJoined: counter('alertmanager_cluster_peers_joined_total', GOSSIP),
  peersLeft: counter('alertmanager_cluster_peers_left_total', GOSSIP),
  peersUpdate: counter('alertmanager_cluster_peers_update_total', GOSSIP),
  nameConflicts: counter('alertmanager_cluster_peer_name_conflicts_total', GOSSIP),
  oversizedSent: counter('alertmanager_oversized_gossip_message_sent_total', GOSSIP, ['key']),
  oversizedFailed: counter('alertmanager_oversized_gossip_message_failure_total', GOSSIP, ['key']),
  oversizedDropped: counter('alertmanager_oversized_gossip_message_dropped_total', GOSSIP, ['key']),
  oversized: histogram('alertmanager_oversize_gossip_message_duration_seconds', GOSSIP, BUCKETS, ['key']),
} as const;

/** Registers them, each at 0. */
export function registerPeerMetrics(registry: MetricsRegistry): void {
  const metrics = registerMetrics(registry, peerMetrics);
  for (const subscriber of ['dispatcher', 'inhibitor']) metrics.channelWrites.inc({ subscriber }, 0);
  for (const msg_type of ['full_state', 'update']) {
    for (const each of [metrics.received, metrics.receivedSize, metrics.sent, metrics.sentSize])
      each.inc({ msg_type }, 0);
  }
  for (const key of ['nfl', 'sil']) {
    for (const each of [metrics.oversizedSent, metrics.oversizedFailed, metrics.oversizedDropped]) each.inc({ key }, 0);
    metrics.oversized.zero({ key });
  }
}
