package io.mqcontroller.raft.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Seeded dice. Each user takes one of its own by {@link #split}, so that a change in one does not move all the others. */
public final class Chance {
    private final SplittableRandom random;

    public Chance(long seed) {
        this(new SplittableRandom(seed));
    }

    private Chance(SplittableRandom random) {
        this.random = random;
    }

    public Chance split() {
        return new Chance(random.split());
    }

    public SplittableRandom forCore() {
        return random.split();
    }

    public boolean permille(int permille) {
        return permille > 0 && random.nextInt(1_000) < permille;
    }

    /** From {@code low} to {@code high}, both included. */
    public long between(long low, long high) {
        return low >= high ? low : random.nextLong(low, high + 1);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** Waiting time of a thing that happens at random, {@code mean} apart on average. */
    public long exponential(long mean) {
        return (long) (-mean * Math.log(1 - random.nextDouble())) + 1;
    }

    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
