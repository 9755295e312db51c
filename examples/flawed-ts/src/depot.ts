/** The part of the warehouse console's interface, version 4, that this plugin uses. */

export interface Disposable {
  dispose(): void;
}

export interface DepotContext {
  readonly pluginId: string;
  readonly config: { get(key: string): unknown };
  readonly storage: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
  };
  readonly commands: {
    register(name: string, run: (args: unknown) => Promise<unknown>): Disposable;
    execute(name: string, args: unknown): Promise<unknown>;
  };
  readonly eventBus: {
    on(name: string, handler: (payload: unknown) => Promise<void>): Disposable;
    emit(name: string, payload: unknown): Promise<void>;
  };
  readonly logger: {
    info(message: string, fields?: Readonly<Record<string, unknown>>): void;
    warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  };
  /** Depots without a reporting server have none. */
  readonly database?: {
    query(sql: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  };
}
