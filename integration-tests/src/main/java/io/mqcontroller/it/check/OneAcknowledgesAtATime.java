package io.mqcontroller.it.check;

import io.mqcontroller.it.history.Seen;
import io.mqcontroller.it.history.Send;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Two brokers of a group never acknowledge in the same period.
 *
 * <p>Each acknowledgement was given at some moment between the start and the end of its send. Where one broker acknowledged
 * for sure before another did, the group must have had another master in between. So the longest chain of
 * acknowledgements by alternating brokers, each given for sure after the one before it, has at most one link for each
 * change of the master; one more is a proof that two took writes at once. Acknowledgements whose moments can't be told apart
 * are never held against a broker.
 */
public final class OneAcknowledgesAtATime {
    private OneAcknowledgesAtATime() {}

    /**
     * A time in which nobody acknowledged.
     *
     * @param from broker that acknowledged last before it
     * @param to broker that acknowledged first after it
     */
    public record Silence(String from, String to, long beganMs, long endedMs) {
        public long lengthMs() {
            return endedMs - beganMs;
        }
    }

    private record Acknowledged(String broker, Send send) {
        boolean surelyAfter(Acknowledged other) {
            return send.startMs() > other.send.endMs();
        }

        @Override
        public String toString() {
            return broker + " acknowledged " + send.key() + " between " + send.startMs() + " and " + send.endMs();
        }
    }

    /** The violations, empty when all is well. */
    public static List<String> violations(Map<String, List<Send>> sendsByBroker, List<Seen> masters) {
        List<Acknowledged> all = acknowledged(sendsByBroker);
        List<Acknowledged> longest = List.of();
        for (String first : new TreeMap<>(sendsByBroker).keySet()) {
            List<Acknowledged> chain = chain(all, first);
            longest = chain.size() > longest.size() ? chain : longest;
        }
        int changes = changes(masters);
        if (longest.size() <= changes + 1) {
            return List.of();
        }
        List<String> violations = new ArrayList<>();
        violations.add("brokers took turns " + (longest.size() - 1) + " times with " + changes
                + " changes of the master: " + masters);
        longest.stream().limit(20).forEach(link -> violations.add(link.toString()));
        return violations;
    }

    /** The longest time between two acknowledgements, whoever gave them; nothing when there are not two. */
    public static Optional<Silence> longestSilence(Map<String, List<Send>> sendsByBroker) {
        List<Acknowledged> all = acknowledged(sendsByBroker);
        Silence longest = null;
        for (int i = 1; i < all.size(); i++) {
            Acknowledged last = all.get(i - 1);
            Acknowledged next = all.get(i);
            Silence silence = new Silence(
                    last.broker(),
                    next.broker(),
                    last.send().endMs(),
                    next.send().endMs());
            if (longest == null || silence.lengthMs() > longest.lengthMs()) {
                longest = silence;
            }
        }
        return Optional.ofNullable(longest);
    }

    /** By the end of the send. */
    private static List<Acknowledged> acknowledged(Map<String, List<Send>> sendsByBroker) {
        List<Acknowledged> all = new ArrayList<>();
        sendsByBroker.forEach((broker, sends) ->
                sends.stream().filter(Send::isAcknowledged).forEach(send -> all.add(new Acknowledged(broker, send))));
        all.sort(Comparator.comparingLong((Acknowledged one) -> one.send().endMs())
                .thenComparing(Acknowledged::broker));
        return all;
    }

    /** The longest one that begins with this broker: the one that ends soonest leaves the most room for those after it. */
    private static List<Acknowledged> chain(List<Acknowledged> byEnd, String first) {
        List<Acknowledged> chain = new ArrayList<>();
        for (Acknowledged next : byEnd) {
            Acknowledged last = chain.isEmpty() ? null : chain.get(chain.size() - 1);
            boolean fits = last == null
                    ? next.broker().equals(first)
                    : !next.broker().equals(last.broker()) && next.surelyAfter(last);
            if (fits) {
                chain.add(next);
            }
        }
        return chain;
    }

    /** The most times that the group can have got another master; each step to an epoch that nobody saw may have been one. */
    private static int changes(List<Seen> masters) {
        int changes = 0;
        OptionalLong last = OptionalLong.empty();
        int lastEpoch = 0;
        for (Seen seen : masters) {
            int steps = lastEpoch == 0 ? 0 : seen.masterEpoch() - lastEpoch;
            boolean another = seen.master().isPresent() && last.isPresent() && !last.equals(seen.master());
            changes += steps > 1 ? steps : another ? 1 : 0;
            lastEpoch = Math.max(lastEpoch, seen.masterEpoch());
            last = seen.master().isPresent() ? seen.master() : last;
        }
        return changes;
    }
}
