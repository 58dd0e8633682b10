import { type RunCommand } from './command';

/** `tocsin check rules`. Output as promtool's. */
export const checkRules: RunCommand = async (_flags, files, console) => {
  const { loadRuleFile } = await import('@tocsin/evaluator/rules/rule-file.loader');
  const { DEFAULT_EVALUATOR_CONFIG: config } = await import('@tocsin/evaluator/config/evaluator-config');
  const defaults = { intervalMs: config.evaluationIntervalMs, queryOffsetMs: config.ruleQueryOffsetMs };
  let code = 0;
  for (const file of files) {
    console.out(`Checking ${file}\n`);
    const loaded = await loadRuleFile(file, { defaults, nameMode: config.nameMode });
    if (loaded.ok) {
      const count = loaded.groups.reduce((sum, { rules }) => sum + rules.length, 0);
      console.out(`  SUCCESS: ${count} rules found\n\n`);
    } else {
      console.err(`  FAILED:\n${loaded.errors.map((error) => `  ${error}\n`).join('')}\n`);
      code = 1;
    }
  }
  return code;
};
