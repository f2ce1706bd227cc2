import type { Health } from '../../core/model/health';
import type { Format, Style } from './style';

const LOOKS: Readonly<Record<Health, { readonly symbol: string; readonly format: Format }>> = {
  unhealthy: { symbol: '✖', format: 'red' },
  exited: { symbol: '✖', format: 'red' },
  restarting: { symbol: '↻', format: 'yellow' },
  starting: { symbol: '◌', format: 'yellow' },
  paused: { symbol: '‖', format: 'yellow' },
  running: { symbol: '●', format: 'green' },
  healthy: { symbol: '✔', format: 'green' },
  completed: { symbol: '✔', format: 'green' },
  stopped: { symbol: '○', format: 'dim' },
  unknown: { symbol: '?', format: 'dim' },
};

/** A health as a symbol and its word: colour alone tells nothing to those who don't see it. */
export function healthText(health: Health): string {
  return `${LOOKS[health].symbol} ${health}`;
}

/** The look of a health. */
export function healthFormat(health: Health): Format {
  return LOOKS[health].format;
}

/** {@link healthText} with its look. */
export function styledHealth(health: Health, style: Style): string {
  return style(healthFormat(health), healthText(health));
}
