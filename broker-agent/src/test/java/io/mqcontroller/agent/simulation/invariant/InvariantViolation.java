package io.mqcontroller.agent.simulation.invariant;

/** Something happened that must never happen. */
public final class InvariantViolation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String invariant;

    public InvariantViolation(Class<?> invariant, String what) {
        super(invariant.getSimpleName() + ": " + what);
        this.invariant = invariant.getSimpleName();
    }

    /** Simple name of the violated rule's class. */
    public String invariant() {
        return invariant;
    }
}
