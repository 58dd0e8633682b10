import { isMap, isSeq } from 'yaml';
import { type Decoder } from '@tocsin/common/config/decode';
import { notSupportedYet } from '@tocsin/common/config/not-supported';

/** A setting Alertmanager has and this version has not: refused, unless it is empty and so asks for nothing. */
export function unsupported(name: string): Decoder<null> {
  return {
    typeName: name,
    absent: () => null,
    decode: ({ node, offset, path }, context) => {
      const isEmpty = node === null || ((isSeq(node) || isMap(node)) && node.items.length === 0);
      if (!isEmpty) context.report(offset, path, notSupportedYet(name));
      return null;
    },
  };
}
