package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which masters to move so that zones, and then machines, have as many as each other. */
final class MasterBalance {
    private final MasterCounts counts = new MasterCounts();
    private final List<Candidates> groups = new ArrayList<>();

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
    }

    record Broker(long id, Place place) {}

    record Move(GroupName group, Broker from, Broker to) {}

    /** @param others who could be master instead */
    record Candidates(GroupName name, Broker master, List<Broker> others) {}

    MasterBalance(List<GroupDetails> all) {
        ZonesOfMachines zones = new ZonesOfMachines(all);
        for (GroupDetails group : all) {
            group.getReplicasList().stream()
                    .filter(ReplicaDetails::getAlive)
                    .map(zones::placeOf)
                    .forEach(place -> counts.add(place, 0));
            GroupReports.masterOf(group).ifPresent(master -> {
                Broker now = new Broker(master.getBrokerId(), zones.placeOf(master));
                counts.add(now.place(), 1);
                if (master.getAgent()) {
                    groups.add(new Candidates(group.getGroup(), now, others(group, zones)));
                }
            });
        }
    }

    private static List<Broker> others(GroupDetails group, ZonesOfMachines zones) {
        return GroupReports.heirs(group).stream()
                .map(replica -> new Broker(replica.getBrokerId(), zones.placeOf(replica)))
                .toList();
    }

    /** How many masters each place has, counting the moves that were applied. */
    SortedMap<Place, Integer> masters() {
        return counts.ofPlaces();
    }

    /** Counts a move that was made. */
    void apply(Move move) {
        counts.move(move.from().place(), move.to().place());
    }

    /** All moves in their order, each group once at most; applies none. */
    List<Move> plan() {
        return new BalancePlan(groups, counts.copy()).moves();
    }

    /** A broker that does not say its zone stands where the others on its machine say that they do, if they agree. */
    private static final class ZonesOfMachines {
        private static final String DISAGREED = "";

        private final SortedMap<String, String> zones = new TreeMap<>();

        ZonesOfMachines(List<GroupDetails> all) {
            for (GroupDetails group : all) {
                group.getReplicasList().stream()
                        .filter(replica -> !replica.getZone().isEmpty())
                        .forEach(replica -> zones.merge(
                                GroupReports.machineOf(replica),
                                replica.getZone(),
                                (one, other) -> one.equals(other) ? one : DISAGREED));
            }
        }

        Place placeOf(ReplicaDetails replica) {
            String machine = GroupReports.machineOf(replica);
            String zone = replica.getZone();
            return new Place(zone.isEmpty() ? zones.getOrDefault(machine, "") : zone, machine);
        }
    }
}
