import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { describeMovedInMarker } from './moved-in-marker.contract';
import { RedisMovedInMarker } from './redis-moved-in-marker.store';

const redis = useRedis();

describeMovedInMarker('redis', () => new RedisMovedInMarker(redis.connect().commands, redis.keys));
