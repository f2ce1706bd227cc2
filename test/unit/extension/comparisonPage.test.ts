import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/common/errors';
import { compare } from '../../../src/core/model/comparison';
import { comparisonPage, messagePage } from '../../../src/extension/comparison/comparisonPage';
import { facts, serviceFact } from '../core/support/facts';

const frame = { nonce: 'n0nce', language: 'en' };
const page = (onlyDifferences: boolean) =>
  comparisonPage(
    compare([
      facts('dev', [serviceFact('web', { image: '<img src=x onerror=y>', restart: 'always' })]),
      facts('test', [serviceFact('web', { image: '<img src=x onerror=y>' })]),
      facts('ci', new UserError('configuration', 'Invalid "YAML".')),
    ]),
    { ...frame, onlyDifferences, nameOf: ({ definition }) => definition.name },
  );

describe('the page of a comparison', () => {
  it('is a table with heads for its columns, its rows, and the services', () => {
    const html = page(false);
    for (const name of ['dev', 'test', 'ci']) assert.match(html, new RegExp(`<th scope="col">${name}<`));
    assert.match(html, /<th scope="rowgroup" colspan="4"><span>web</);
    assert.match(html, /<th scope="row">.*?Restart<\/th><td>always<\/td><td>no<\/td><td>\?<\/td>/);
    assert.match(html, /✖ Invalid &#34;YAML&#34;\./);
  });

  it('marks what differs by more than a colour, and says it to a screen reader', () => {
    assert.match(page(false), /<tr class="differs"><th scope="row">[^R]*≠[^R]*differs: <\/span>Restart/);
    assert.match(page(false), /<tr><th scope="row"><span class="mark"><\/span>Image/);
  });

  it('can leave out what is the same', () => {
    assert.doesNotMatch(page(true), /Image</);
    assert.match(page(true), /Restart</);
    assert.match(page(false), /command:berth\.toggleSame">Show Only Differences/);
    assert.match(page(true), /command:berth\.toggleSame">Show Everything/);
  });

  it('runs nothing, and shows what stands in files as text', () => {
    const html = page(false);
    assert.match(html, /default-src 'none'; style-src 'nonce-n0nce'/);
    assert.doesNotMatch(html, /<script|<img/);
    assert.match(html, /&#60;img src=x onerror=y&#62;/);
    assert.match(messagePage('<b>', frame), /<p>&#60;b&#62;<\/p>/);
  });
});
