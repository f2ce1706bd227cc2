import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/paths';
import { runOrFail } from '../../support/processes';
import { step } from '../../support/steps';
import { removeFolder, temporaryFolder } from '../../support/temporary';

/** Bundled exactly like the product, so that its size and the time to load it are those inside the product. */
export const loadDockerode = path.join(repositoryRoot, 'test', 'bench', 'support', 'loadDockerode.ts');

/** The product as people get it: minified, in a folder of its own that looks like the installed extension. */
export class Product {
  private static built: Promise<Product> | undefined;

  private constructor(readonly folder: string) {}

  /** Builds it, once per run; removed when this process ends. The checkout's own `dist` stays as it is. */
  static build(signal: AbortSignal): Promise<Product> {
    Product.built ??= step('Building the product as it is published', async () => {
      const folder = temporaryFolder('product');
      process.once('exit', () => removeFolder(folder));
      for (const name of ['package.json', 'package.nls.json', 'l10n', 'media', 'compose-templates']) {
        const source = path.join(repositoryRoot, name);
        if (fs.existsSync(source)) fs.cpSync(source, path.join(folder, name), { recursive: true });
      }
      const flags = ['--production', `--outdir=${path.join(folder, 'dist')}`, `--also=${loadDockerode}`];
      await runOrFail(process.execPath, [path.join(repositoryRoot, 'esbuild.mjs'), ...flags], { signal });
      return new Product(folder);
    });
    return Product.built;
  }

  /** Absolute path of a bundle: `extension`, `cli`, or `loadDockerode`, which holds nothing but dockerode. */
  bundle(name: 'extension' | 'cli' | 'loadDockerode'): string {
    return path.join(this.folder, 'dist', `${name}.js`);
  }

  /** The size of a bundle in bytes: `extension`, `cli`, `libraries/yaml` … */
  size(name: string): number {
    return fs.statSync(path.join(this.folder, 'dist', `${name}.js`)).size;
  }
}
