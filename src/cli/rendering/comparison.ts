import {
  type Comparison,
  type ComparisonRow,
  type ComparisonSection,
  cellLines,
  factLabel,
  isSharedVolume,
  networkKind,
} from '../../core/model/comparison';
import type { DataPlace, EnvironmentFacts, ServiceFacts } from '../../core/model/facts';
import { errorJson } from './json';
import { plainStyle, type Style } from './style';
import { type Cell, renderTable } from './table';

/** What marks a row whose cells differ. */
const DIFFERS = '≠';
const NO_DIFFERENCES = 'They do not differ.';

/**
 * A comparison as lines: a table with a column for each environment; where that is wider than the terminal, a line for
 * each environment below each fact.
 */
export function renderComparison(
  comparison: Comparison,
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  if (comparison.sections.every(({ rows }) => rows.length === 0)) return [NO_DIFFERENCES];
  const rows = [head(comparison), ...comparison.sections.flatMap(tableRows)];
  const fits = renderTable(rows, plainStyle).every(({ length }) => length <= width);
  return fits ? renderTable(rows, style) : comparison.sections.flatMap((one) => blockLines(one, comparison, style));
}

function head({ environments }: Comparison): readonly Cell[] {
  return ['', '', ...environments.map(({ definition }) => definition.name)];
}

function tableRows({ service, rows }: ComparisonSection): readonly (readonly Cell[])[] {
  const columns = rows[0]?.cells.length ?? 0;
  const empty = Array.from({ length: columns }, () => '');
  const heading: readonly (readonly Cell[])[] =
    service === undefined
      ? []
      : [
          ['', '', ...empty],
          ['', { text: service, format: 'bold' }, ...empty],
        ];
  return [...heading, ...rows.flatMap(linesOfRow)];
}

/** A row of a comparison as rows of a table: as many as its highest cell has lines. */
function linesOfRow({ fact, cells, differs }: ComparisonRow): readonly (readonly Cell[])[] {
  const lines = cells.map(cellLines);
  const height = Math.max(...lines.map(({ length }) => length));
  const mark: Cell = differs ? { text: DIFFERS, format: 'yellow' } : '';
  return Array.from({ length: height }, (_, at): readonly Cell[] => [
    at === 0 ? mark : '',
    at === 0 ? factLabel(fact) : '',
    ...lines.map((texts) => texts[at] ?? ''),
  ]);
}

function blockLines({ service, rows }: ComparisonSection, { environments }: Comparison, style: Style): string[] {
  const heading = service === undefined ? [] : ['', style('bold', service)];
  const names = environments.map(({ definition }) => definition.name);
  const widest = Math.max(...names.map(({ length }) => length));
  const body = rows.flatMap(({ fact, cells, differs }) => [
    `${differs ? style('yellow', DIFFERS) : ' '} ${factLabel(fact)}`,
    ...cells.flatMap((cell, column) =>
      cellLines(cell).map((line, at) =>
        `    ${(at === 0 ? (names[column] ?? '') : '').padEnd(widest)}  ${line}`.trimEnd(),
      ),
    ),
  ]);
  return [...heading, ...body];
}

/** A comparison as a Markdown document: a table about the environments, and one for each service. */
export function comparisonMarkdown({ environments, sections }: Comparison): string {
  const names = environments.map(({ definition }) => definition.name);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const escaped = (text: string) => text.replace(/[\\|<>*_`~[\]]/g, '\\$&');
  const tables = sections.map(({ service, rows }) => [
    `## ${escaped(service ?? 'Environments')}`,
    '',
    line([DIFFERS, '', ...names.map(escaped)]),
    line(['---', '---', ...names.map(() => '---')]),
    ...rows.map(({ fact, cells, differs }) =>
      line([
        differs ? DIFFERS : '',
        factLabel(fact),
        ...cells.map((cell) => cellLines(cell).map(escaped).join('<br>')),
      ]),
    ),
    '',
  ]);
  return `${['# Comparison of environments', '', ...(tables.length > 0 ? tables.flat() : [NO_DIFFERENCES, ''])].join('\n').trimEnd()}\n`;
}

/** A comparison in the form that `docs/command-line.md` describes. */
export function comparisonJson({ environments, sections }: Comparison): Record<string, unknown> {
  return {
    environments: environments.map((environment) => {
      const { definition, envFiles, project, services, error } = environment;
      return {
        name: definition.name,
        purpose: definition.purpose,
        project,
        context: definition.context,
        directory: definition.projectDirectory,
        files: definition.files,
        envFiles,
        profiles: definition.profiles,
        error: error && errorJson(error),
        services: services?.map((service) => serviceJson(service, environment, environments)),
      };
    }),
    differences: sections.flatMap(({ service, rows }) =>
      rows.filter(({ differs }) => differs).map(({ fact }) => ({ service, fact })),
    ),
  };
}

function serviceJson(
  { data, networks, ...service }: ServiceFacts,
  environment: EnvironmentFacts,
  all: readonly EnvironmentFacts[],
): Record<string, unknown> {
  return {
    ...service,
    data: data.map((place) => dataJson(place, environment, all)),
    networks: networks.map((network) => ({
      name: network.name,
      kind: networkKind(network, environment, all),
      internal: network.internal,
    })),
  };
}

function dataJson(place: DataPlace, environment: EnvironmentFacts, all: readonly EnvironmentFacts[]): unknown {
  if (place.kind !== 'volume') return place;
  const { kind, name, external, target } = place;
  return { kind, name, target, external, shared: isSharedVolume(place, environment, all) };
}
