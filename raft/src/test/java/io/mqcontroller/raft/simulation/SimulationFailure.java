package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.Optional;

/** A run went wrong; the message has all that is needed to see it again. */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1;
    private static final int REPORTED_LINES = 200;

    SimulationFailure(Simulation simulation, Throwable cause) {
        super(report(simulation, cause), cause);
    }

    /** Name of the violated invariant, if it was one. */
    public Optional<String> invariant() {
        return getCause() instanceof InvariantViolation violation
                ? Optional.of(violation.invariant())
                : Optional.empty();
    }

    /** What seeds must have in common to fail in the same way: the violated rule, or the kind of exception and where. */
    String kind() {
        Throwable cause = getCause();
        return invariant()
                .orElseGet(() -> cause.getStackTrace().length == 0
                        ? cause.getClass().getName()
                        : cause.getClass().getName() + " in " + cause.getStackTrace()[0].getClassName() + "."
                                + cause.getStackTrace()[0].getMethodName());
    }

    /** Seed and cause. */
    String firstLine() {
        return getMessage().lines().findFirst().orElseThrow();
    }

    private static String report(Simulation simulation, Throwable cause) {
        return "seed " + simulation.seed() + " fails after " + simulation.steps() + " steps: " + cause
                + "\nreplay: mvn -pl raft -am test -Dseed=" + simulation.seed()
                + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
                + "\nshortest plan: the same with -Dtest=ShrinkTest"
                + "\nplan: " + simulation.plan()
                + "\nlast of what happened:\n  "
                + String.join("\n  ", simulation.trace().lastLines(REPORTED_LINES));
    }
}
