import { type RunCommand, UsageError } from './command';
import { parseFeatures } from './features';

/** `tocsin check config`. Output as amtool's, but for the mistakes, of which all are told. */
export const checkConfig: RunCommand = async (flags, files, console) => {
  const { findingLines, loadConfig } = await import('@tocsin/notifier/config/config.loader');
  const features = parseFeatures(flags.text('enable-feature'));
  if (!features.ok) throw new UsageError(features.error);
  let invalid = 0;
  for (const file of files) {
    const loaded = await loadConfig(file, features.features.matcherMode);
    if (!loaded.ok) {
      console.out(`Checking '${file}'  FAILED\n\n`);
      console.err(`${findingLines(file, loaded.findings)}\n`);
      invalid++;
      continue;
    }
    const { config, warnings } = loaded;
    console.out(`Checking '${file}'  SUCCESS\nFound:\n`);
    const { routes, inhibitRules, receivers } = config;
    console.out(` - global config\n - ${routes.byId.size} routes\n - ${inhibitRules.length} inhibit rules\n`);
    console.out(` - ${receivers.length} receivers\n\n`);
    const lint = flags.isOn('lint') ? config.lint : [];
    const told = [
      ...warnings,
      ...lint.map((finding) => ({ ...finding, message: `${finding.message} (${finding.code})` })),
    ];
    for (const warning of told) {
      console.err(`${findingLines(file, [{ ...warning, message: `warning: ${warning.message}` }])}\n`);
    }
  }
  if (invalid > 0) console.err(`tocsin: error: failed to validate ${invalid} file(s)\n`);
  return invalid > 0 ? 1 : 0;
};
