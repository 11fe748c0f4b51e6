package io.mqcontroller.raft.simulation;

import java.util.ArrayList;
import java.util.List;

/** All that happened, as one rolling hash; and the last of it in words, for the report of a failure. */
public final class Trace {
    private final Object[] what;
    private final long[] atUs;
    private final String[] who;
    private long count;
    private long hash = 0x9e37_79b9_7f4a_7c15L;

    public Trace(int kept) {
        what = new Object[kept];
        atUs = new long[kept];
        who = new String[kept];
    }

    /** Takes note of an event, an effect, or a text. */
    public void add(long nowUs, String member, Object happened) {
        int slot = (int) (count++ % what.length);
        what[slot] = happened;
        atUs[slot] = nowUs;
        who[slot] = member;
        hash = mix(mix(hash, nowUs * 31 + member.hashCode()), Digest.of(happened));
    }

    public long hash() {
        return hash;
    }

    public long count() {
        return count;
    }

    /** At most {@code atMost} and what is kept; oldest first, one line each. */
    public List<String> lastLines(int atMost) {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - Math.min(atMost, what.length)); i < count; i++) {
            int slot = (int) (i % what.length);
            lines.add(String.format("%12.3f ms %s %s", atUs[slot] / 1e3, who[slot], what[slot]));
        }
        return lines;
    }

    static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0xff51_afd7_ed55_8ccdL;
        return mixed ^ (mixed >>> 32);
    }
}
