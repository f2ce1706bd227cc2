import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import type { ShownCall } from '../../core/compose/commandText';
import type { ConnectionString } from '../../core/model/connectionString';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { storeKindOf } from '../../core/model/storeKind';
import { FLUSH, INFO, type RunningStore, redisCall, sqlCall } from '../../core/operations/storeClient';
import type { Documents } from '../documents';
import type { Feedback, Offer } from '../feedback';
import { KeptOutput } from '../keptOutput';
import { showProgress, waitVisibly } from '../waiting';
import { targetName } from '../words';
import { confirm, isAsked } from './confirmation';
import { type Choice, pick, pickTarget } from './picker';
import { type Activity, type Target, targetsOf } from './targets';

/** What is done with the data stores that run in containers. */
export class StoreCommands {
  constructor(
    private readonly berth: Berth,
    private readonly activity: Activity,
    private readonly feedback: Feedback,
    private readonly documents: Documents,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Asks for a file with SQL, and runs it on a service's database. */
  async runSqlFile(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const file = await this.askSqlFile(environment, service);
    if (file) await this.run(file, environment, service);
  }

  /** What an action on a data store runs, to be shown. @returns undefined when the user left while being asked. */
  async shownCalls(
    action: 'runSqlFile' | 'redisInfo' | 'redisFlush',
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
  ): Promise<readonly ShownCall[] | undefined> {
    const file = action === 'runSqlFile' ? await this.askSqlFile(environment, service) : undefined;
    if (action === 'runSqlFile' && !file) return undefined;
    const call = (store: RunningStore) =>
      file ? sqlCall(store, file.fsPath) : redisCall(store, action === 'redisInfo' ? INFO : FLUSH);
    const shown = await waitVisibly(l10n.t('Asking {0} how it is reached', service.name), (signal) =>
      this.berth.tools.storeCommand(environment, service, call, { signal }),
    );
    return [shown];
  }

  private async askSqlFile(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
  ): Promise<vscode.Uri | undefined> {
    const edited = vscode.window.activeTextEditor?.document.uri;
    const [file] =
      (await vscode.window.showOpenDialog({
        filters: { SQL: ['sql'] },
        openLabel: l10n.t('Run'),
        title: l10n.t('Run SQL file on {0}', targetName(environment.definition.name, [service.name])),
        defaultUri:
          edited?.scheme === 'file' && edited.path.endsWith('.sql')
            ? edited
            : vscode.Uri.file(environment.definition.workspaceFolder),
      })) ?? [];
    return file;
  }

  /** Asks on which database a file with SQL is to be run: also when there is only one, since it was not named. */
  async runSqlFileSomewhere(file: vscode.Uri): Promise<void> {
    const databases = targetsOf('runSqlFile', this.berth.store.environments, this.activity);
    const name = path.basename(file.fsPath);
    if (databases.length === 0) {
      return this.feedback.inform(l10n.t('There is no database running that {0} could be run on.', name));
    }
    const target = await pickTarget(databases, l10n.t('On which database should {0} be run?', name), { always: true });
    if (target?.service) await this.run(file, target.environment, target.service);
  }

  /** Removes everything that is in a Redis, having said how much that is. */
  async flush(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const what = targetName(environment.definition.name, [service.name]);
    const { tools } = this.berth;
    if (isAsked('flush')) {
      const keys = await waitVisibly(l10n.t('Counting the keys of {0}', what), (signal) =>
        tools.redisKeys(environment, service, signal),
      );
      const detail = l10n.t('All of its keys go for good, in all of its databases: {0}.', keys.toLocaleString());
      if (!(await confirm(l10n.t('Flush {0}?', what), detail, l10n.t('Flush')))) return;
    }
    await showProgress(l10n.t('Flushing {0}', what), (signal) => tools.flushRedis(environment, service, signal));
    this.feedback.success(l10n.t('{0} is empty', what));
  }

  /** Copies the connection string of a data store: asks of which, as seen from where, and whether with its password. */
  async copyConnectionString(targets: readonly Target[]): Promise<void> {
    const stores = targets.flatMap(({ environment, service }) =>
      (service ? [service] : environment.services).flatMap((one) =>
        storeKindOf(one) && one.containers.some(({ state }) => state === 'running')
          ? [{ environment, service: one }]
          : [],
      ),
    );
    const target = await pickTarget(stores, l10n.t('The connection string of which one?'));
    if (!target?.service) return;
    const { environment, service } = target;
    const what = targetName(environment.definition.name, [service.name]);
    const { host, inside } = await waitVisibly(l10n.t('Asking {0} how it is reached', what), (signal) =>
      this.berth.tools.connectionStrings(environment, service, signal),
    );
    const choices = [
      ...(host ? stringChoices(l10n.t('From this machine'), l10n.t('From this machine, with the password'), host) : []),
      ...stringChoices(l10n.t('From other containers'), l10n.t('From other containers, with the password'), inside),
    ];
    const question = l10n.t('Which connection string of {0} should be copied?', what);
    const chosen = await pick(choices, question, { always: true });
    if (chosen === undefined) return;
    await vscode.env.clipboard.writeText(chosen.text);
    this.feedback.success(chosen.message);
  }

  private async run(file: vscode.Uri, environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    // What one sees is what is run.
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
    if (document?.isDirty) await document.save();
    const what = targetName(environment.definition.name, [service.name]);
    const title = l10n.t('Running {0} on {1}', path.basename(file.fsPath), what);
    this.log.info(`${title}…`);
    const output = new KeptOutput();
    const showOutput = () => this.offersOutput(output, file, environment, service);
    try {
      await showProgress(title, (signal, say) => {
        const onLine = (line: string) => {
          output.add(line);
          say(line);
        };
        return this.berth.tools.runSqlFile(environment, service, file.fsPath, { onLine, signal });
      });
    } catch (error) {
      return this.feedback.error(error, showOutput(), l10n.t('{0} on {1}: ', path.basename(file.fsPath), what));
    }
    const done = l10n.t('{0} has been run on {1}', path.basename(file.fsPath), what);
    if (output.isEmpty) return this.feedback.success(done);
    this.log.info(done);
    this.feedback.inform(done, showOutput());
  }

  /** What a file with SQL has printed, as a document; nothing when it has printed nothing. */
  private offersOutput(
    output: KeptOutput,
    file: vscode.Uri,
    { definition }: EnvironmentSnapshot,
    service: ServiceSnapshot,
  ): readonly Offer[] {
    if (output.isEmpty) return [];
    const subject = {
      kind: 'sqlOutput',
      environmentId: definition.id,
      service: service.name,
      file: file.fsPath,
    } as const;
    const run = () => this.documents.showKept(subject, output.text);
    return [{ title: l10n.t('Show Output'), run }];
  }
}

/** What to copy, and what to say then: never the password. */
interface CopiedString {
  readonly text: string;
  readonly message: string;
}

function stringChoices(label: string, withPassword: string, string: ConnectionString): Choice<CopiedString>[] {
  const { text, masked } = string;
  const open = {
    label: withPassword,
    iconPath: new vscode.ThemeIcon('key'),
    value: { text, message: l10n.t('Copied {0} with its password', masked) },
  };
  return [
    {
      label,
      detail: masked,
      iconPath: new vscode.ThemeIcon('link'),
      value: { text: masked, message: l10n.t('Copied {0}', masked) },
    },
    ...(text === masked ? [] : [open]),
  ];
}
