import { Secret } from '@tocsin/common/config/secret';
import { file, flag, flagOrUnset, httpConfigField, secretText, subsections, text, url } from '../field.schema';
import { NEWER_DEFAULTS } from '../../config/global.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf, or } from '../rules';

/** Source: Alertmanager configuration, `rocketchat_config`. */
export const rocketchat = integrationKind({
  name: 'rocketchat',
  goType: 'rocketchat.RocketchatConfig',
  sendResolved: false,
  mayBeNull: true,
  fields: {
    httpConfig: httpConfigField,
    apiUrl: url('api_url', NEWER_DEFAULTS.rocketchat_api_url),
    tokenId: secretText('token_id'),
    tokenIdFile: file('token_id_file'),
    token: secretText('token'),
    tokenFile: file('token_file'),
    channel: text('channel'),
    color: text('color', '{{ if eq .Status "firing" }}red{{ else }}green{{ end }}'),
    title: text('title', '{{ template "rocketchat.default.title" . }}'),
    titleLink: text('title_link', '{{ template "rocketchat.default.titlelink" . }}'),
    text: text('text', '{{ template "rocketchat.default.text" . }}'),
    fields: subsections('fields', ['*rocketchat.RocketchatAttachmentField', 'rocketchat.RocketchatAttachmentField'], {
      short: flagOrUnset('short'),
      title: text('title'),
      value: text('value'),
    }),
    shortFields: flag('short_fields'),
    emoji: text('emoji', '{{ template "rocketchat.default.emoji" . }}'),
    iconUrl: text('icon_url', '{{ template "rocketchat.default.iconurl" . }}'),
    imageUrl: text('image_url'),
    thumbUrl: text('thumb_url'),
    linkNames: flag('link_names'),
    // Alertmanager names these only for JSON: in YAML they are its field names in small letters.
    actions: subsections(
      'actions',
      ['*rocketchat.RocketchatAttachmentAction', 'rocketchat.RocketchatAttachmentAction'],
      {
        type: text('type'),
        text: text('text'),
        url: text('url'),
        imageUrl: text('imageurl'),
        isWebView: flag('iswebview'),
        webviewHeightRatio: text('webviewheightratio'),
        msg: text('msg'),
        msgInChatWindow: flag('msginchatwindow'),
        msgProcessingType: text('msgprocessingtype'),
      },
    ),
  },
  rules: (own) => [
    notBoth(own.token, own.tokenFile, 'token & token_file'),
    notBoth(own.tokenId, own.tokenIdFile, 'token_id & token_id_file'),
  ],
  inherit(own, global) {
    const tokenIdFile = or(own.tokenIdFile, global.rocketchat_token_id_file);
    const tokenFile = or(own.tokenFile, global.rocketchat_token_file);
    return {
      apiUrl: or(own.apiUrl, global.rocketchat_api_url),
      // Text and file are inherited each by itself; where both are there then, the file is used.
      tokenId: isSet(tokenIdFile) ? new Secret('') : or(own.tokenId, global.rocketchat_token_id),
      tokenIdFile,
      token: isSet(tokenFile) ? new Secret('') : or(own.token, global.rocketchat_token),
      tokenFile,
    };
  },
  required: (config) => [
    oneOf(config.tokenId, config.tokenIdFile, 'no global Rocketchat TokenID set either inline or in a file'),
    oneOf(config.token, config.tokenFile, 'no global Rocketchat Token set either inline or in a file'),
  ],
});

/** An entry of `rocketchat_configs` in effect. */
export type RocketchatConfig = ConfigOf<typeof rocketchat>;
