import * as l10n from '@vscode/l10n';
import type { EnvironmentFacts } from '../model/facts';
import type { OwnStep } from './acceptance';

/** A secret whose value stands in a compose file, by its name. */
export interface SecretInFile {
  readonly service: string;
  readonly name: string;
}

/** The secrets whose values stand in an environment's compose files; undefined where Compose does not tell. */
export function secretsInFiles({ services = [] }: EnvironmentFacts): readonly SecretInFile[] | undefined {
  if (services.every(({ credentials }) => credentials === undefined)) return undefined;
  return services.flatMap(({ name: service, credentials = [] }) =>
    credentials.flatMap(({ name, source }) => (source === 'literal' ? { service, name } : [])),
  );
}

/** Whether secrets stand in the compose files: for each service that has some there, which. */
export function secretSteps(facts: EnvironmentFacts): readonly OwnStep[] {
  const found = secretsInFiles(facts);
  const subject = facts.definition.name;
  if (!found)
    return [
      { subject, ms: 0, outcome: 'skipped', message: l10n.t('Docker Compose does not tell what stands in them.') },
    ];
  if (found.length === 0) return [{ subject, ms: 0, outcome: 'passed' }];
  const services = [...new Set(found.map(({ service }) => service))];
  return services.map((service) => {
    const names = found.flatMap((one) => (one.service === service ? one.name : []));
    return {
      subject: service,
      ms: 0,
      outcome: 'failed',
      message: l10n.t('The compose files hold secrets of "{0}" in clear text: {1}.', service, names.join(', ')),
      remedy: l10n.t(
        'Put each into an env file that git ignores, and a variable in its place: {0}.',
        `\${${names[0] ?? ''}}`,
      ),
    };
  });
}
