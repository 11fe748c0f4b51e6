package io.mqcontroller.raft.linearizability;

import java.util.List;
import java.util.Optional;

/** Keys that hold a number, 0 at first, each by itself: read, write, compare and set. */
public final class KeyValueStore implements SequentialSpecification<Long, KeyValueStore.Command, Long> {
    /** What is asked. */
    public sealed interface Command {
        String key();
    }

    /** Answered with the value. */
    public record Read(String key) implements Command {}

    /** Answered with the value written. */
    public record Write(String key, long value) implements Command {}

    /** Writes {@code update} if the value is {@code expected}; answered with {@link #DONE} or {@link #REFUSED}. */
    public record CompareAndSet(String key, long expected, long update) implements Command {}

    public static final long DONE = 1;
    public static final long REFUSED = 0;

    @Override
    public Object partitionOf(Command command) {
        return command.key();
    }

    @Override
    public Long initialState(Object key) {
        return 0L;
    }

    @Override
    public List<Long> after(Long value, Command command, Optional<Long> output) {
        long newValue = newValue(value, command);
        boolean possible = output.isEmpty() || output.get() == answer(value, command);
        return possible ? List.of(newValue) : List.of();
    }

    @Override
    public boolean onlyObserves(Command command, Long output) {
        return command instanceof Read || command instanceof CompareAndSet && output == REFUSED;
    }

    /** What {@code command} leaves behind. */
    public static long newValue(long value, Command command) {
        if (command instanceof Write write) {
            return write.value();
        } else if (command instanceof CompareAndSet change) {
            return value == change.expected() ? change.update() : value;
        }
        return value;
    }

    /** What {@code command} is answered. */
    public static long answer(long value, Command command) {
        if (command instanceof CompareAndSet change) {
            return value == change.expected() ? DONE : REFUSED;
        }
        return newValue(value, command);
    }
}
