import { start } from './bootstrap.mjs';

await start('runTests');
