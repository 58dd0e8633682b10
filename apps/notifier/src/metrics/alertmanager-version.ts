/** The Alertmanager whose API, files and behaviour this notifier has. */
const ALERTMANAGER = '0.34.0';

/** What programs are told that choose by the version how to talk to an Alertmanager: karma gives up below 0.22, and amtool
 *  warns of each one whose first two numbers are not its own. Our own version follows as semantic versioning's build. */
export function alertmanagerVersion(ownVersion: string): string {
  return `${ALERTMANAGER}+tocsin.${ownVersion}`;
}
