package io.mqcontroller.raft.linearizability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes down what clients call and what they are told. Its clock counts calls and returns: that is all the order that
 * matters. Any thread may use it.
 */
public final class History<I, O> {
    private final List<Call> calls = new ArrayList<>();
    private long now;

    /** A call that may still be answered. */
    public final class Call {
        private final long client;
        private final I input;
        private final long called;
        private long returned;
        private Optional<O> output = Optional.empty();
        private boolean refused;

        private Call(long client, I input, long called) {
            this.client = client;
            this.input = input;
            this.called = called;
        }

        /** The client was told this. */
        public void answered(O answer) {
            synchronized (History.this) {
                output = Optional.of(answer);
                returned = ++now;
            }
        }

        /** The client was told that it has not happened and never will. */
        public void refused() {
            synchronized (History.this) {
                refused = true;
            }
        }

        private Operation<I, O> operation() {
            return output.map(answer -> Operation.answered(client, input, answer, called, returned))
                    .orElseGet(() -> Operation.unknown(client, input, called));
        }
    }

    /** A client calls. Without a later word to the returned object the outcome is unknown. */
    public synchronized Call called(long client, I input) {
        Call call = new Call(client, input, ++now);
        calls.add(call);
        return call;
    }

    /** All that has happened, or may have. */
    public synchronized List<Operation<I, O>> operations() {
        return calls.stream().filter(call -> !call.refused).map(Call::operation).toList();
    }
}
