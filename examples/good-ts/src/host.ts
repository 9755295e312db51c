/** The part of the host's interface, version 3, that this plugin uses. */

export interface Disposable {
  dispose(): void;
}

export interface Reply {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
}

export interface PluginContext {
  readonly pluginId: string;
  readonly config: { get(key: string): unknown };
  readonly storage: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
  };
  readonly network: { fetch(url: string, options: { signal: AbortSignal }): Promise<Reply> };
  readonly commands: { register(name: string, run: (args: unknown) => Promise<unknown>): Disposable };
  readonly eventBus: {
    on(name: string, handler: (payload: unknown) => Promise<void>): Disposable;
    emit(name: string, payload: unknown): Promise<void>;
  };
  readonly logger: {
    info(message: string, fields?: Readonly<Record<string, unknown>>): void;
    warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  };
  /** Only hosts that are run with monitoring have it. */
  readonly metrics?: { count(name: string, by: number): void };
}

export interface Plugin {
  readonly id: string;
  readonly version: string;
  activate(context: PluginContext): Promise<void>;
  deactivate(): Promise<void>;
}
