package io.mqcontroller.raft.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/** Numbers as text: how many, and all of them. */
final class KeyList {
    private KeyList() {}

    /** Nothing if the text was cut short. */
    static Optional<List<Long>> parse(String text) {
        StringTokenizer tokens = new StringTokenizer(text);
        int count = Integer.parseInt(tokens.nextToken());
        if (tokens.countTokens() != count) {
            return Optional.empty();
        }
        List<Long> keys = new ArrayList<>(count);
        while (tokens.hasMoreTokens()) {
            keys.add(Long.valueOf(tokens.nextToken()));
        }
        return Optional.of(keys);
    }
}
