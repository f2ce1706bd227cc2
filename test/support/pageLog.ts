import type { Page, Request } from 'playwright-core';

/** How many lines of trouble are told, the last ones: a page may have been opened anew often. */
const LINES = 40;

/** Hears, from now on, what a page says of its own trouble. For telling why it stays blank. */
export class PageLog {
  readonly #trouble: string[] = [];
  readonly #underWay = new Set<Request>();

  constructor(page: Page) {
    page.on('request', (request) => this.#underWay.add(request));
    page.on('requestfinished', (request) => this.#underWay.delete(request));
    page.on('requestfailed', (request) => {
      this.#underWay.delete(request);
      this.#trouble.push(`not loaded: ${request.url()} (${request.failure()?.errorText})`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.#trouble.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#trouble.push(`thrown: ${error.stack ?? error.message}`));
    page.on('websocket', (socket) => {
      this.#trouble.push(`web socket opened: ${socket.url()}`);
      socket.on('socketerror', (error) => this.#trouble.push(`web socket failed: ${error}`));
      socket.on('close', () => this.#trouble.push(`web socket closed: ${socket.url()}`));
    });
    page.on('crash', () => this.#trouble.push('the page crashed'));
  }

  /** What came last, a line each, with the requests that are still under way. */
  toString(): string {
    const underWay = [...this.#underWay].map((request) => `still loading: ${request.url()}`);
    const lines = [...this.#trouble.slice(-LINES), ...underWay];
    return lines.map((line) => line.slice(0, 400)).join('\n') || 'no trouble';
  }
}
