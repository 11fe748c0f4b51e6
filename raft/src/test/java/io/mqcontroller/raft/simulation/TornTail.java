package io.mqcontroller.raft.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What is left of writes that were under way when the power went. They lie one behind the other in the write-ahead log; of
 * its sectors any may have reached the disk, in any order, each as a whole or not at all.
 */
final class TornTail {
    static final int SECTOR_BYTES = 512;

    private TornTail() {}

    /**
     * How many bytes from its beginning on are there of each write, up to the first sector that is missing.
     *
     * @param sizes in bytes, in the order of writing
     * @param startBytes where in its sector the first one begins
     */
    static List<Integer> survivingBytes(List<Integer> sizes, int startBytes, Chance chance) {
        int survivePermille = chance.oneOf(0, 500, 900, 1_000);
        List<Integer> surviving = new ArrayList<>();
        long at = startBytes;
        long sector = -1;
        boolean sectorSurvives = false;
        for (int size : sizes) {
            int there = 0;
            boolean unbroken = true;
            long end = at + size;
            while (at < end) {
                if (at / SECTOR_BYTES != sector) {
                    sector = at / SECTOR_BYTES;
                    sectorSurvives = chance.permille(survivePermille);
                }
                long through = Math.min(end, (sector + 1) * SECTOR_BYTES);
                unbroken &= sectorSurvives;
                there += unbroken ? (int) (through - at) : 0;
                at = through;
            }
            surviving.add(there);
        }
        return surviving;
    }
}
