import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type WechatConfig } from './wechat.schema';

/** SKELETON */
export class WechatSender implements Sender<HttpAttempt> {
  constructor(private readonly config: WechatConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
