import type { Document, DocumentOptions, ParseOptions, SchemaOptions } from 'yaml';

/**
 * The documents of a YAML text, which lines of `---` part: one at least. Compose merges those of a file one after the other, as it does
 * files. Source: measured with Compose 2.26.
 */
export async function yamlDocuments(
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): Promise<readonly [Document.Parsed, ...Document.Parsed[]]> {
  const { parseAllDocuments, parseDocument } = await import('yaml');
  const [first, ...others] = parseAllDocuments(text, options);
  return [first ?? parseDocument(text, options), ...others];
}
