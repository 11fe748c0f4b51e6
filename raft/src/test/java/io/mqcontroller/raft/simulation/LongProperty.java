package io.mqcontroller.raft.simulation;

/** Numbers that a caller of the tests may give; not given and empty are the same, for the build passes on what it got. */
public enum LongProperty {
    SEED("seed"),
    SEEDS("seeds"),
    FIRST_SEED("firstSeed");

    private final String key;

    LongProperty(String key) {
        this.key = key;
    }

    public boolean isSet() {
        return !System.getProperty(key, "").isBlank();
    }

    public long orElse(long other) {
        return isSet() ? Long.parseLong(System.getProperty(key).trim()) : other;
    }
}
