/** Events between the guide and its plugins. */

export interface GuideEvent {
  readonly name: string;
  readonly from: string;
  readonly payload: unknown;
}

export type Handler = (event: GuideEvent) => Promise<void> | void;

export class EventBus {
  private readonly handlers = new Map<string, Set<Handler>>();

  on(name: string, handler: Handler): () => void {
    const set = this.handlers.get(name) ?? new Set<Handler>();
    this.handlers.set(name, set.add(handler));
    return () => {
      set.delete(handler);
    };
  }

  /** Delivers an event to every handler in the order in which they came. */
  async emit(event: GuideEvent): Promise<void> {
    for (const handler of this.handlers.get(event.name) ?? []) {
      await handler(event);
    }
  }
}
