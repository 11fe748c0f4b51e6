package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which masters to move so that zones, and then machines, have as many as each other. One move after the other, the one that evens
 * out most, until none does: what would take two moves at once is left as it is.
 */
final class MasterBalance {
    private final SortedMap<Place, Integer> masters = new TreeMap<>();
    private final SortedMap<String, Integer> mastersOfZone = new TreeMap<>();
    private final List<Group> groups = new ArrayList<>();

    /**
     * Where a broker stands.
     *
     * @param zone as its configuration says, or ""
     * @param machine the host of its address
     */
    record Place(String zone, String machine) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::zone)
                    .thenComparing(Place::machine)
                    .compare(this, other);
        }

        private static Place of(ReplicaDetails replica) {
            return new Place(replica.getZone(), GroupReports.machineOf(replica));
        }
    }

    record Broker(long id, Place place) {}

    record Move(GroupName group, Broker from, Broker to) {}

    /** @param others who could be master instead */
    private record Group(GroupName name, Broker master, List<Broker> others) {}

    private record Gain(int zones, int machines) implements Comparable<Gain> {
        private static final Gain NONE = new Gain(0, 0);

        @Override
        public int compareTo(Gain other) {
            return Comparator.comparingInt(Gain::zones)
                    .thenComparingInt(Gain::machines)
                    .compare(this, other);
        }
    }

    MasterBalance(List<GroupDetails> all) {
        for (GroupDetails group : all) {
            group.getReplicasList().stream()
                    .filter(ReplicaDetails::getAlive)
                    .map(Place::of)
                    .forEach(place -> add(place, 0));
            GroupReports.masterOf(group).ifPresent(master -> {
                Broker now = new Broker(master.getBrokerId(), Place.of(master));
                add(now.place(), 1);
                if (master.getAgent()) {
                    groups.add(new Group(group.getGroup(), now, others(group)));
                }
            });
        }
    }

    private static List<Broker> others(GroupDetails group) {
        return GroupReports.heirs(group).stream()
                .map(replica -> new Broker(replica.getBrokerId(), Place.of(replica)))
                .toList();
    }

    /** How many masters each place has, counting the moves that were applied. */
    SortedMap<Place, Integer> masters() {
        return new TreeMap<>(masters);
    }

    /** Counts a move that was made. */
    void apply(Move move) {
        add(move.from().place(), -1);
        add(move.to().place(), 1);
    }

    /** All moves in their order; applies none. A group moves once at most, so there is an end. */
    List<Move> plan() {
        List<Move> plan = new ArrayList<>();
        List<Group> left = new ArrayList<>(groups);
        for (Optional<Move> next = best(left); next.isPresent(); next = best(left)) {
            Move move = next.get();
            apply(move);
            plan.add(move);
            left.removeIf(group -> group.name().equals(move.group()));
        }
        plan.forEach(move -> apply(new Move(move.group(), move.to(), move.from())));
        return plan;
    }

    private Optional<Move> best(List<Group> left) {
        Move best = null;
        Gain most = Gain.NONE;
        for (Group group : left) {
            for (Broker other : group.others()) {
                Gain gain = gain(group.master().place(), other.place());
                if (gain.compareTo(most) > 0) {
                    most = gain;
                    best = new Move(group.name(), group.master(), other);
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** By how much the sums of the squares fall, halved: above 0 only for differences of two masters or more. */
    private Gain gain(Place from, Place to) {
        int zones =
                from.zone().equals(to.zone()) ? 0 : mastersOfZone.get(from.zone()) - mastersOfZone.get(to.zone()) - 1;
        int machines = from.equals(to) ? 0 : masters.get(from) - masters.get(to) - 1;
        return new Gain(zones, machines);
    }

    private void add(Place place, int count) {
        masters.merge(place, count, Integer::sum);
        mastersOfZone.merge(place.zone(), count, Integer::sum);
    }
}
