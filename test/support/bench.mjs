import { start } from './bootstrap.mjs';

await start('bench');
