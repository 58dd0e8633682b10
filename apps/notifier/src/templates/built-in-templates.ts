import { type Templates } from './templates';

/** SKELETON */
export const builtInTemplates: Templates = {
  of: () => ({ text: () => ({ ok: false, error: 'none' }), html: () => ({ ok: false, error: 'none' }) }),
};
