package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.MasterBalance.Place;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many masters each place and each zone has. */
final class MasterCounts {
    private final SortedMap<Place, Integer> places = new TreeMap<>();
    private final SortedMap<String, Integer> zones = new TreeMap<>();

    /** What one master less here and one more there is good for; zones count before machines. */
    record Gain(int zones, int machines) implements Comparable<Gain> {
        static final Gain NONE = new Gain(0, 0);

        @Override
        public int compareTo(Gain other) {
            return Comparator.comparingInt(Gain::zones)
                    .thenComparingInt(Gain::machines)
                    .compare(this, other);
        }
    }

    MasterCounts copy() {
        MasterCounts copy = new MasterCounts();
        copy.places.putAll(places);
        copy.zones.putAll(zones);
        return copy;
    }

    SortedMap<Place, Integer> ofPlaces() {
        return new TreeMap<>(places);
    }

    void add(Place place, int count) {
        places.merge(place, count, Integer::sum);
        zones.merge(place.zone(), count, Integer::sum);
    }

    void move(Place from, Place to) {
        add(from, -1);
        add(to, 1);
    }

    /** By how much the sums of the squares fall, halved: above 0 only for differences of two masters or more. */
    Gain gain(Place from, Place to) {
        int ofZones = from.zone().equals(to.zone()) ? 0 : zones.get(from.zone()) - zones.get(to.zone()) - 1;
        int ofMachines = from.equals(to) ? 0 : places.get(from) - places.get(to) - 1;
        return new Gain(ofZones, ofMachines);
    }
}
