import assert from 'node:assert/strict';
import { isErrorLine } from '../../../../src/core/acceptance/errorLine';

/** As each logger writes an error. */
const ERRORS = [
  'ERROR: relation "users" does not exist',
  'ERROR:root:no such user',
  'ERROR:    Exception in ASGI application',
  'CRITICAL:app.db:gone',
  'FATAL could not start',
  '2026-01-31 12:00:00.123 UTC [41] ERROR:  relation "users" does not exist at character 15',
  '2026-01-31 12:00:00.123 CET [41] app@app FATAL:  password authentication failed for user "app"',
  '2026-01-31 12:00:00.123 UTC [1] PANIC:  could not write to file',
  '2026-01-31 12:00:00,123 ERROR shop.orders: no stock',
  '2026-01-31 12:00:00,123 - shop.orders - ERROR - no stock',
  '2026-01-31 12:00:00.123 | ERROR    | shop.orders:place:12 - no stock',
  '2026-01-31T12:00:00.123Z ERROR 1 --- [main] o.s.boot.SpringApplication : Application run failed',
  '12:00:00.123 [main] ERROR com.example.Shop - no stock',
  '[2026-01-31 12:00:00 +0000] [7] [ERROR] Worker failed to boot.',
  '[2026-01-31 12:00:00,123: ERROR/MainProcess] Task raised unexpected',
  '[2026-01-31T12:00:00Z ERROR shop] no stock',
  '2026-01-31T12:00:00.000Z\tERROR\tshop/main.go:12\tno stock',
  '2026-01-31T12:00:00Z ERR no stock error="gone"',
  'E, [2026-01-31T12:00:00 #1] ERROR -- : no stock',
  '2026/01/31 12:00:00 [error] 29#29: *1 open() "/x" failed (2: No such file or directory)',
  '2026/01/31 12:00:00 [emerg] 1#1: host not found in upstream "api"',
  '[Sat Jan 31 12:00:00.123456 2026] [core:error] [pid 12] AH00037: Symbolic link not allowed',
  '2026-01-31T12:00:00.000000Z 0 [ERROR] [MY-010119] [Server] Aborting',
  '2026-01-31 12:00:00 0 [ERROR] Aborting',
  'time="2026-01-31T12:00:00Z" level=error msg="no stock"',
  'time=2026-01-31T12:00:00Z level=ERROR msg=x',
  'ts=1 severity="CRITICAL" msg=x',
  '{"level":"error","msg":"no stock"}',
  '{"level":50,"time":1,"msg":"no stock"}',
  '{"severity":"ERROR","message":"no stock"}',
  '{"log":{"level":"fatal"},"message":"no stock"}',
  '{"t":{"$date":"2026-01-31T12:00:00Z"},"s":"F","c":"CONTROL","id":1,"msg":"gone"}',
  'Error: Cannot find module "express"',
  '[2026-01-31 12:00:00] production.ERROR: no stock {"exception":"[object] (Exception)"}',
  '[2026-01-31T12:00:00.123456+00:00] local.CRITICAL: no stock [] []',
  "1:M 31 Jan 2026 12:00:00.000 # Fatal error, can't open config file",
  '*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***',
  '1:M 31 Jan 2026 12:00:00.000 # Fatal error loading the DB, check server logs. Exiting.',
  'npm ERR! code ELIFECYCLE',
  'npm error code ELIFECYCLE',
  '✘ [ERROR] Could not resolve "./shop"',
  '    ERROR: no stock',
  '  Error: no stock',
  '  level=error msg="no stock"',
  ' {"level":"ERROR","msg":"no stock"}',
  '{"level":60,"time":1,"msg":"gone"}',
  '{"log.level":"error","message":"no stock"}',
  'error: no stock',
  'TypeError: Cannot read properties of undefined',
  'java.lang.IllegalStateException: no stock',
  'Traceback (most recent call last):',
  'panic: runtime error: index out of range',
  "thread 'main' panicked at src/main.rs:4:5:",
  "thread 'main' (12) panicked at src/main.rs:4:5:",
  'Exception in thread "main" java.lang.NullPointerException',
  'PHP Fatal error:  Uncaught Exception',
  'E0131 12:00:00.000000       1 main.go:12] no stock',
  'fail: Shop.Api[0]',
  '\u001b[31mERROR\u001b[0m no stock',
  '\u001b[2m2026-01-31T12:00:00.000Z\u001b[0m \u001b[31mERROR\u001b[0m shop: no stock',
];

/** What has the words and is none. */
const OTHERS = [
  '',
  '0 errors',
  '12 passed, 0 errors',
  'ERROR: 0',
  '[summary] WARN: 3, ERROR: 0',
  'errors=0 level=info',
  'error_log = "/var/log/app.log"',
  'ERROR_LOG=/var/log/app.log',
  '2026-01-31 12:00:00 INFO request ended in ERROR page',
  '2026-01-31 12:00:00.123 UTC [41] LOG:  statement: select * from log where level = ERROR ',
  '2026-01-31 12:00:00.123 UTC [41] STATEMENT:  ERROR :',
  '2026-01-31 12:00:00.123 UTC [41] FATAL:  the database system is starting up',
  '127.0.0.1 - - [31/Jan/2026:12:00:00 +0000] "GET /ERROR HTTP/1.1" 500 12',
  '127.0.0.1 - - [31/Jan/2026:12:00:00 +0000] "GET /?q=error HTTP/1.1" 200 12',
  '[notice] 1#1: using the "epoll" event method [error]',
  'level=info msg="level=errors"',
  'level=warning error=none',
  '{"level":"info","msg":"error"}',
  '{"level":30,"error":"none"}',
  '{"s":"W","c":"CONTROL","msg":"error"}',
  '{"level":"error"',
  'Listening for errors on port 80',
  'no error: all is well',
  'ERROR_REPORTING=E_ALL',
  'error_log=/var/log/x',
  '[PHP] ERROR_REPORTING: E_ALL',
  '[31-Jan-2026 12:00:00] NOTICE: fpm is running, error_log = /proc/self/fd/2',
  'No errors',
  '[info] no error',
  'npm WARN deprecated x: error',
  '    at Error: (/app/x.js:1:2)',
  '  "error": "none",',
  '  errors: 0',
  '[2026-01-31 12:00:00] production.INFO: ERROR was mended',
  '1:M 31 Jan 2026 12:00:00.000 # Server initialized',
  '✔ [OK] no ERROR',
  'Loaded handlers for ERROR and FATAL',
  'errorless: yes',
  '1:M 31 Jan 2026 12:00:00.000 * Ready to accept connections tcp',
  '1:M 31 Jan 2026 12:00:00.000 # WARNING Memory overcommit must be enabled',
  'Error handling is on',
  '2026-01-31 12:00:00 starting error reporter',
];

describe('lines of logs that tell of an error', () => {
  it('have its level where loggers put it', () => {
    assert.deepEqual(
      ERRORS.filter((line) => !isErrorLine(line)),
      [],
    );
  });

  it('are not those that have the word somewhere else', () => {
    assert.deepEqual(OTHERS.filter(isErrorLine), []);
  });

  it('are told at once, however long a line is', () => {
    const long = `[${'x '.repeat(2_000_000)}`;
    assert.equal(isErrorLine(long), false);
    assert.equal(isErrorLine(`${long} ERROR `), false);
  });
});
