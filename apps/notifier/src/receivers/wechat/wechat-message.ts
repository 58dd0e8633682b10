import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { truncateBytes } from '../truncate';
import { type WechatConfig } from './wechat.schema';

/** WeChat's limit for either form; it cuts a text anywhere, and refuses a longer markdown. */
const MOST_BYTES = 2048;

/** What an entry posts; the form that is not used is empty. Source: Alertmanager, `wechat`. */
export function wechatMessage(config: WechatConfig, rendering: Rendering): object {
  const content = truncateBytes(rendering.text(config.message, 'body'), MOST_BYTES);
  const isMarkdown = config.messageType === 'markdown';
  return {
    text: { content: isMarkdown ? '' : content },
    touser: orOmit(rendering.required(config.toUser, 'to_user')),
    toparty: orOmit(rendering.required(config.toParty, 'to_party')),
    totag: orOmit(rendering.required(config.toTag, 'to_tag')),
    agentid: orOmit(rendering.required(config.agentId, 'agent_id')),
    safe: '0',
    msgtype: config.messageType,
    markdown: { content: isMarkdown ? content : '' },
  };
}
