import { StringDecoder } from 'node:string_decoder';

/** A line of a container's log. */
export interface LogLine {
  /** When it was written, as RFC 3339 with nine digits after the second: as text, such times compare as they should. */
  readonly time: string;
  /** As the container wrote it, without its end. */
  readonly text: string;
}

/** A frame begins with the number of the stream, three zeros, and how many bytes follow. */
const HEADER = 8;

/**
 * Makes lines of what `GET /containers/{id}/logs?timestamps=1` sends. Source: Docker Engine API, "Stream format". Of a line of
 * more than 16 kB the engine sends several frames, each with the time of the first; only the last one has a line end, and
 * that none either, when the container ended without one. Source: moby, `daemon/logger/copier.go`.
 */
export class FramedLogLines {
  private rest: Buffer = Buffer.alloc(0);
  /** Lines under way, by stream. */
  private readonly begun = new Map<number, { readonly time: string; readonly parts: Buffer[] }>();

  constructor(private readonly onLine: (line: LogLine) => void) {}

  push(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= HEADER) {
      const end = HEADER + this.rest.readUInt32BE(4);
      if (this.rest.length < end) return;
      this.take(this.rest.readUInt8(0), this.rest.subarray(HEADER, end));
      this.rest = this.rest.subarray(end);
    }
  }

  /** Gives the lines that the container has not ended: to be called once nothing comes any more. */
  end(): void {
    for (const stream of [...this.begun.keys()]) this.finish(stream);
  }

  private take(stream: number, frame: Buffer): void {
    const { time, text } = timed(frame);
    // What has another time is another line: the container ended within the one before, and was started again.
    if (this.begun.get(stream)?.time !== time) this.finish(stream);
    const line = this.begun.get(stream) ?? { time, parts: [] };
    this.begun.set(stream, line);
    const isWhole = text.at(-1) === 0x0a;
    line.parts.push(isWhole ? text.subarray(0, -1) : text);
    if (isWhole) this.finish(stream);
  }

  private finish(stream: number): void {
    const line = this.begun.get(stream);
    if (!line) return;
    this.begun.delete(stream);
    this.onLine({ time: line.time, text: Buffer.concat(line.parts).toString('utf8') });
  }
}

/** The same for a container with a terminal, of which the engine sends plain lines, as the terminal ends them. */
export class TerminalLogLines {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: LogLine) => void) {}

  push(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.finish(line);
  }

  /** Gives the line that the container has not ended: to be called once nothing comes any more. */
  end(): void {
    const rest = this.rest + this.decoder.end();
    this.rest = '';
    if (rest !== '') this.finish(rest);
  }

  private finish(line: string): void {
    const at = line.indexOf(' ');
    this.onLine({ time: line.slice(0, at), text: line.slice(at + 1).replace(/\r$/, '') });
  }
}

function timed(frame: Buffer): { readonly time: string; readonly text: Buffer } {
  const at = frame.indexOf(0x20);
  return { time: frame.toString('latin1', 0, at), text: frame.subarray(at + 1) };
}
