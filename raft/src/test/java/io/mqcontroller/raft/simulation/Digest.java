package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import java.util.List;

/**
 * A number for each event and effect that is the same in each JVM: records' own hash codes are not, for enums hash by
 * identity. What is long and rare goes by its text.
 */
final class Digest {
    private Digest() {}

    static long of(Object what) {
        if (what instanceof Event.Tick) {
            return 1;
        } else if (what instanceof Event.Received received) {
            return mix(2, text(received.from().value()), ofMessage(received.message()));
        } else if (what instanceof Effect.Send send) {
            return mix(3, text(send.to().value()), ofMessage(send.message()));
        } else if (what instanceof Event.Persisted persisted) {
            return mix(4, persisted.sequence(), 0);
        } else if (what instanceof Event.Proposed proposed) {
            return mix(5, proposed.id().clientId(), proposed.id().sequence());
        } else if (what instanceof Effect.Persist persist) {
            long hardState =
                    persist.hardState().isPresent() ? text(persist.hardState().toString()) : 0;
            return mix(6, mix(persist.sequence(), persist.truncateFrom().orElse(0), hardState), of(persist.append()));
        } else if (what instanceof Effect.Apply apply) {
            return mix(7, of(apply.entries()), apply.duplicates().size());
        }
        return text(what.toString());
    }

    private static long ofMessage(Message message) {
        if (message instanceof Message.AppendEntries append) {
            long place = mix(append.term(), of(append.previous()), append.previousChain());
            return mix(place, mix(of(append.entries()), append.commitIndex(), append.round()), 11);
        } else if (message instanceof Message.AppendReply reply) {
            long place = mix(reply.term(), reply.success() ? 1 : 0, reply.matchIndex());
            return mix(place, mix(of(reply.conflict()), reply.round(), 0), 12);
        }
        return text(message.toString());
    }

    private static long of(List<Entry> entries) {
        return entries.isEmpty()
                ? 0
                : mix(
                        entries.size(),
                        of(entries.get(0).position()),
                        entries.get(entries.size() - 1).chain());
    }

    private static long of(LogPosition position) {
        return position.term() * 31 + position.index();
    }

    private static long text(String text) {
        return text.hashCode();
    }

    private static long mix(long a, long b, long c) {
        return Trace.mix(Trace.mix(a, b), c);
    }
}
