import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { UserError } from '../core/common/errors';
import { waitFor } from '../core/common/event';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../core/model/snapshot';
import { DOCUMENT_SCHEMES } from './contributions';
import { waitVisibly } from './waiting';

/** What a document shows: all that is needed to make it again, also after the window was opened anew. */
export type DocumentSubject =
  | {
      readonly kind: 'container';
      readonly environmentId: string;
      readonly service: string;
      /** The container's number, where the service has several. */
      readonly index?: number;
    }
  | { readonly kind: 'image' | 'redisInfo'; readonly environmentId: string; readonly service: string }
  | { readonly kind: 'configuration'; readonly environmentId: string }
  | {
      /** What a file with SQL has printed when it was last run: this can't be made again. */
      readonly kind: 'sqlOutput';
      readonly environmentId: string;
      readonly service: string;
      /** Absolute path. */
      readonly file: string;
    }
  | {
      readonly kind: 'logs';
      readonly environmentId: string;
      readonly services: readonly string[];
      readonly tail: number | 'all';
      readonly since?: string;
      readonly timestamps: boolean;
    };

/** How many documents are kept that can't be made again. */
const MOST_KEPT = 10;

/** The documents that Berth makes, read-only: what the engine and Compose say of environments, as text. */
export class Documents implements vscode.TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly emitter = this.owned.add(new vscode.EventEmitter<vscode.Uri>());
  /** What was just made for a document that VS Code is about to ask for. */
  private readonly made = new Map<string, string>();
  /** What can't be made again, the oldest first. */
  private readonly kept = new Map<string, string>();

  readonly onDidChange = this.emitter.event;

  constructor(private readonly berth: Pick<Berth, 'store' | 'tools'>) {
    for (const scheme of Object.values(DOCUMENT_SCHEMES)) {
      this.owned.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    }
  }

  /** Shows a document as it is now. */
  async show(subject: DocumentSubject): Promise<void> {
    await this.open(this.uriOf(subject));
  }

  /** Shows a document that can't be made again. It is kept until the window is closed, or others have taken its place. */
  async showKept(subject: Extract<DocumentSubject, { kind: 'sqlOutput' }>, text: string): Promise<void> {
    const key = this.uriOf(subject).toString();
    this.kept.delete(key);
    this.kept.set(key, text);
    const [oldest = key] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
    await this.show(subject);
  }

  /** Makes a document anew. */
  async refresh(uri: vscode.Uri): Promise<void> {
    await this.open(uri);
  }

  /** Shows a document with the values of secrets, in the place of the one without. */
  async showSecrets(uri: vscode.Uri): Promise<void> {
    if (uri.scheme === DOCUMENT_SCHEMES.masked) await this.open(uri.with({ scheme: DOCUMENT_SCHEMES.open }));
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const made = this.made.get(uri.toString());
    this.made.delete(uri.toString());
    if (made !== undefined) return made;
    const cancelling = new AbortController();
    token.onCancellationRequested(() => cancelling.abort());
    await this.untilKnown(subjectOf(uri), cancelling.signal);
    return this.produce(uri, cancelling.signal);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async open(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    // Made before VS Code asks for it, so that what goes wrong is told in its own words.
    const title = l10n.t('Opening {0}', uri.path.slice(1));
    this.made.set(key, await waitVisibly(title, (signal) => this.produce(uri, signal)));
    if (vscode.workspace.textDocuments.some((document) => document.uri.toString() === key)) this.emitter.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }

  /** Opened with the window, a document is asked for before folders have been searched and Compose has answered. */
  private async untilKnown(subject: DocumentSubject, signal: AbortSignal): Promise<void> {
    const { store } = this.berth;
    const isKnown = () => {
      const environment = this.find(subject);
      return (environment ? environment.resolution.kind !== 'pending' : store.isScanned) || undefined;
    };
    await waitFor(store.onDidChange, isKnown, signal);
  }

  private async produce(uri: vscode.Uri, signal: AbortSignal): Promise<string> {
    const subject = subjectOf(uri);
    const environment = this.environmentOf(subject);
    const options = { secrets: uri.scheme === DOCUMENT_SCHEMES.open, signal };
    const { tools } = this.berth;
    switch (subject.kind) {
      case 'container':
        return tools.containerDocument(environment, serviceOf(subject.service, environment), {
          ...options,
          index: subject.index,
        });
      case 'image':
        return tools.imageDocument(environment, serviceOf(subject.service, environment), options);
      case 'redisInfo':
        return tools.redisInfo(environment, serviceOf(subject.service, environment), signal);
      case 'configuration':
        return tools.configDocument(environment, options);
      case 'sqlOutput':
        return this.kept.get(uri.toString()) ?? l10n.t('What it printed is not kept any longer.');
      case 'logs':
        return tools.logsDocument(environment, subject.services, { ...subject, signal });
    }
  }

  private uriOf(subject: DocumentSubject): vscode.Uri {
    return uriOf(subject, this.environmentOf(subject).definition.name);
  }

  private find({ environmentId }: DocumentSubject): EnvironmentSnapshot | undefined {
    return this.berth.store.find(environmentId);
  }

  /** @throws UserError when it is no longer there. */
  private environmentOf(subject: DocumentSubject): EnvironmentSnapshot {
    const found = this.find(subject);
    if (found) return found;
    throw new UserError('usage', l10n.t('The environment is gone: its compose files were removed or renamed.'));
  }
}

function serviceOf(name: string, { definition, services }: EnvironmentSnapshot): ServiceSnapshot {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw new UserError('usage', l10n.t('Environment "{0}" has no service "{1}".', definition.name, name));
}

/** The address of a document. Its name tells people what it is, and VS Code how to colour it. */
function uriOf(subject: DocumentSubject, environment: string): vscode.Uri {
  // A slash would be the end of a folder's name; tabs show only what is after it.
  const name = `${environment} ${nameOf(subject)}`.replaceAll('/', '-');
  return vscode.Uri.from({ scheme: DOCUMENT_SCHEMES.masked, path: `/${name}`, query: JSON.stringify(subject) });
}

function nameOf(subject: DocumentSubject): string {
  switch (subject.kind) {
    case 'container':
      return [subject.service, subject.index, 'container.json'].filter((word) => word !== undefined).join(' ');
    case 'image':
      return `${subject.service} image.json`;
    case 'redisInfo':
      return `${subject.service} info.txt`;
    case 'configuration':
      return 'configuration.yaml';
    case 'sqlOutput':
      return `${subject.service} ${path.basename(subject.file)}.out`;
    case 'logs':
      return `${[...subject.services, 'logs'].join(' ')}.log`;
  }
}

function subjectOf(uri: vscode.Uri): DocumentSubject {
  return JSON.parse(uri.query);
}
