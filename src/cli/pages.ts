import type { FindingCode } from '../core/model/findingCodes';

/** The pages of `docs/checks` by their codes, put in when this is built: the command line may be where nothing else of Berth is. */
declare const BERTH_PAGES: Readonly<Record<string, string>>;

const PAGES = BERTH_PAGES;

/** The page that explains a code, in Markdown. It has no links: what they lead to has a page by its own code. */
export function pageOf(code: FindingCode): string {
  return (PAGES[code] ?? '').replaceAll('\r\n', '\n').replace(/\[([^\]\n]+)\]\([^)\n]+\)/g, '$1');
}

/** What a code is about, as a text without marks: the first paragraph of its page. */
export function firstParagraphOf(code: FindingCode): string {
  const [, paragraph = ''] = pageOf(code).split('\n\n');
  return paragraph.replaceAll('\n', ' ').replaceAll('`', '');
}
