package mansio.state.store;

/**
 * Ends the process at once, without any further reply on any connection: a write or a sync failed,
 * and only recovery at the next start can tell what the disk holds. In the program it is {@code
 * Runtime.halt} and does not return; where it does return (in tests), every use of the store from
 * then on throws {@link StoreStoppedError}.
 */
@FunctionalInterface
public interface Halt {
    void halt(String reason, Throwable cause);
}
