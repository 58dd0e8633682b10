import { isMap, Pair, YAMLMap } from 'yaml';
import { type DecodeContext, type Decoder } from '@tocsin/common/config/decode';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { type HttpConfig } from '@tocsin/common/http/http-config';
import { type YamlPlace } from '@tocsin/common/config/yaml-document';

/** Keys of an `http_config` that stand among the others. Source: prometheus/common `config.HTTPClientConfig`. */
const HTTP_KEYS: ReadonlySet<string | null> = new Set([
  ...['basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file', 'tls_config', 'follow_redirects'],
  ...['enable_http2', 'proxy_url', 'no_proxy', 'proxy_from_environment', 'proxy_connect_header', 'http_headers'],
]);

/** An object whose HTTP client settings are not in a section of their own. */
export function withInlineHttp<T extends object>(own: Decoder<T>): Decoder<T & { http: HttpConfig }> {
  return {
    typeName: own.typeName,
    decode: (place, context) => {
      if (!isMap(place.node)) {
        own.decode(place, context);
        return undefined;
      }
      const isHttp = (key: string | null): boolean => HTTP_KEYS.has(key);
      const value = own.decode(
        part(place, context, (key) => !isHttp(key)),
        context,
      );
      const http = httpConfig.decode(part(place, context, isHttp), context);
      return value && http && { ...value, http };
    },
  };
}

/** The same map with some of its entries, merged ones included. */
function part(place: YamlPlace, context: DecodeContext, isWanted: (key: string | null) => boolean): YamlPlace {
  const map = new YAMLMap();
  if (!isMap(place.node)) return place;
  for (const { key, keyNode, value } of context.document.entries(place.node, place.path)) {
    if (isWanted(key)) map.items.push(new Pair(keyNode, value.node));
  }
  map.range = place.node.range ?? null;
  return { ...place, node: map };
}
