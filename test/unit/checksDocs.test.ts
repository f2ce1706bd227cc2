import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ALL_CHECKS } from '../../src/core/checks/allChecks';
import { escapeRegExp } from '../../src/core/common/text';
import { ALL_CODES, FINDING_CODES } from '../../src/core/model/findingCodes';
import { repositoryRoot } from '../support/paths';

const docs = path.join(repositoryRoot, 'docs');
const HEADING = '## All codes\n';

/** Whether a file of the repository goes into the package, as `.vscodeignore` says: all is left out but what is named there. */
function isPacked(file: string): boolean {
  const [all, ...named] = fs.readFileSync(path.join(repositoryRoot, '.vscodeignore'), 'utf8').trim().split('\n');
  assert.equal(all, '**');
  const matches = named.some((line) => {
    assert.match(line, /^!/);
    const parts = line.slice(1).split(/(\*\*|\*)/);
    const pattern = parts.map((one) => (one === '**' ? '.*' : one === '*' ? '[^/]*' : escapeRegExp(one))).join('');
    return new RegExp(`^${pattern}$`).test(file);
  });
  return matches && fs.existsSync(path.join(repositoryRoot, file));
}

describe('pages that are packed with the extension', () => {
  it('lead only to what is packed with them', () => {
    const pages = ['docs/checks', 'compose-templates', 'media/walkthrough']
      .flatMap((folder) =>
        fs
          .readdirSync(path.join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
          .map((file) => path.posix.join(folder, file.replaceAll('\\', '/'))),
      )
      .filter((file) => file.endsWith('.md') && isPacked(file));
    assert.ok(pages.includes('docs/checks/same-port.md'));
    // The package has another README than the repository.
    const dead = [...pages, 'CHANGELOG.md', 'docs/extension-page.md'].flatMap((page) => {
      const from = page === 'docs/extension-page.md' ? '' : path.posix.dirname(page);
      const text = fs.readFileSync(path.join(repositoryRoot, page), 'utf8');
      return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
        .flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : link))
        .filter((link) => !isPacked(path.posix.join(from, link)))
        .map((link) => `${page}: ${link}`);
    });
    assert.deepEqual(dead, []);
  });
});

describe('docs/checks', () => {
  it('has a page for each code, with its name, and no other', () => {
    const pages = fs.readdirSync(path.join(docs, 'checks')).sort();
    assert.deepEqual(pages, [...ALL_CODES].map((code) => `${code}.md`).sort());
    for (const code of ALL_CODES) {
      const page = fs.readFileSync(path.join(docs, 'checks', `${code}.md`), 'utf8');
      assert.ok(page.startsWith(`# ${code}: ${FINDING_CODES[code].title()}\n`), code);
      assert.ok(page.split('\n').length > 10, `${code} is explained`);
    }
  });

  it('lists all codes, with their severities', () => {
    const file = path.join(docs, 'checks.md');
    const page = fs.readFileSync(file, 'utf8');
    const [before = ''] = page.split(HEADING);
    const rows = ALL_CODES.map((code) => [
      `[\`${code}\`](checks/${code}.md)`,
      FINDING_CODES[code].severity,
      FINDING_CODES[code].title(),
    ]);
    const widths = [0, 1, 2].map((column) => Math.max(8, ...rows.map((row) => row[column]?.length ?? 0)));
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    const table = [
      line(['code', 'severity', 'what it is']),
      line(widths.map((width) => '-'.repeat(width))),
      ...rows.map(line),
    ];
    const text = `${before}${HEADING}\n${table.join('\n')}\n`;
    if (process.env.BERTH_UPDATE_DOCS) fs.writeFileSync(file, text);
    assert.equal(fs.readFileSync(file, 'utf8'), text, 'BERTH_UPDATE_DOCS=1 npm test -- unit makes it anew');
  });

  it('tells of codes that checks find, and no two checks find the same', () => {
    const found = ALL_CHECKS.flatMap(({ codes }) => codes);
    assert.deepEqual([...new Set(found)].sort(), [...found].sort());
  });
});
