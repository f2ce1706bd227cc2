import { start } from './bootstrap.mjs';

await start('start');
