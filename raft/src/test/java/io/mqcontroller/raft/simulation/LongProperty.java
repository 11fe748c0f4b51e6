package io.mqcontroller.raft.simulation;

/** Numbers that a caller of the tests may give; not given and empty are the same, for the build passes on what it got. */
enum LongProperty {
    SEED("seed"),
    SEEDS("seeds"),
    FIRST_SEED("firstSeed");

    private final String key;

    LongProperty(String key) {
        this.key = key;
    }

    boolean isSet() {
        return !System.getProperty(key, "").isBlank();
    }

    long orElse(long other) {
        return isSet() ? Long.parseLong(System.getProperty(key).trim()) : other;
    }
}
