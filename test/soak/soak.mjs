import { start } from '../support/bootstrap.mjs';

await start('../soak/soak');
