import type { Disposable, Plugin, PluginContext } from "./host.ts";
import { type Height, type Window, isPort, readHeights, windows } from "./prediction.ts";
import { MAX_PORTS, STATE_VERSION, type State, readState } from "./state.ts";

const SERVICE = "https://tides.saltmarsh.example/v1/heights";
const STATE_KEY = "state";
const HOUR = 3_600_000;
const FETCH_TIMEOUT = 10_000;
const UNDER_KEEL = 0.5;

interface Settings {
  readonly ports: readonly string[];
  readonly refreshHours: number;
}

function readSettings(value: unknown): Settings {
  const { ports = [], refreshHours = 6 } = (value ?? {}) as { ports?: unknown; refreshHours?: unknown };
  if (!Array.isArray(ports) || ports.length > MAX_PORTS || !ports.every(isPort)) {
    throw new TypeError(`tideWindows.ports needs at most ${MAX_PORTS} port codes such as "FRGRV"`);
  }
  if (typeof refreshHours !== "number" || !(refreshHours >= 1 && refreshHours <= 48)) {
    throw new RangeError("tideWindows.refreshHours needs a number from 1 to 48");
  }
  return { ports, refreshHours };
}

export class TideWindows implements Plugin {
  readonly id = "org.saltmarsh.tide-windows";
  readonly version = "1.4.0";

  private context: PluginContext | undefined;
  private settings: Settings = { ports: [], refreshHours: 6 };
  private predictions = new Map<string, Height[]>();
  private readonly owned: Disposable[] = [];
  private timer: ReturnType<typeof setInterval> | undefined;
  private stopping = new AbortController();
  private refreshing: Promise<void> | undefined;
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  async activate(context: PluginContext): Promise<void> {
    this.context = context;
    this.stopping = new AbortController();
    try {
      this.configure(context.config.get("tideWindows"));
      this.restoreState(await context.storage.get(STATE_KEY));
      this.owned.push(context.commands.register("tide-windows.next", async (args) => this.next(args)));
      this.owned.push(context.commands.register("tide-windows.refresh", async () => this.refresh()));
      this.owned.push(context.eventBus.on("berth.planned", async () => this.refreshIfEmpty()));
      this.schedule();
    } catch (error) {
      await this.deactivate();
      throw error;
    }
  }

  async deactivate(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopping.abort();
    for (const item of this.owned.splice(0).reverse()) item.dispose();
    await this.refreshing?.catch((error: unknown) => this.report(error));
    this.predictions.clear();
    this.context = undefined;
  }

  configure(config: unknown): void {
    this.settings = readSettings(config);
    if (this.timer !== undefined) this.schedule();
  }

  getState(): State {
    return { version: STATE_VERSION, predictions: Object.fromEntries(this.predictions) };
  }

  restoreState(stored: unknown): void {
    try {
      this.predictions = readState(stored);
    } catch (error) {
      // Predictions can be fetched again, so a state that can't be read is no reason not to start.
      this.report(error);
      this.predictions = new Map();
    }
  }

  private schedule(): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.refresh().catch((error: unknown) => this.report(error));
    }, this.settings.refreshHours * HOUR);
  }

  private next(args: unknown): Window[] {
    const { port, draught } = (args ?? {}) as { port?: unknown; draught?: unknown };
    if (!isPort(port)) throw new TypeError('tide-windows.next needs "port", a code such as "FRGRV"');
    if (typeof draught !== "number" || !(draught > 0 && draught < 30)) {
      throw new RangeError('tide-windows.next needs "draught", metres between 0 and 30');
    }
    return windows(this.predictions.get(port) ?? [], draught + UNDER_KEEL, this.now());
  }

  private async refreshIfEmpty(): Promise<void> {
    if (this.predictions.size === 0) await this.refresh();
  }

  /** Fetches all ports; calls that come while one is running share its result. */
  private refresh(): Promise<void> {
    this.refreshing ??= this.fetchAll().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async fetchAll(): Promise<void> {
    const context = this.context;
    if (context === undefined) return;
    const fetched: string[] = [];
    for (const port of this.settings.ports) {
      if (this.stopping.signal.aborted) return;
      try {
        this.predictions.set(port, await this.fetchPort(context, port));
        fetched.push(port);
      } catch (error) {
        // One port without a prediction must not cost the others theirs.
        this.report(error);
      }
    }
    if (fetched.length === 0 || this.stopping.signal.aborted) return;
    await context.storage.set(STATE_KEY, this.getState());
    await context.eventBus.emit("tide-windows.refreshed", { ports: fetched });
    context.metrics?.count("tide_windows_refreshed", fetched.length);
  }

  private async fetchPort(context: PluginContext, port: string): Promise<Height[]> {
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(FETCH_TIMEOUT)]);
    const reply = await context.network.fetch(`${SERVICE}?port=${encodeURIComponent(port)}`, { signal });
    if (!reply.ok) throw new Error(`heights of ${port}: status ${reply.status}`);
    return readHeights(await reply.json());
  }

  private report(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.context?.logger.warn("tide windows", { reason });
  }
}

export function createPlugin(): Plugin {
  return new TideWindows();
}
