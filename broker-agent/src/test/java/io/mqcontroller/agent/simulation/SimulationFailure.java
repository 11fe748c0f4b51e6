package io.mqcontroller.agent.simulation;

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

    private static String report(Simulation simulation, Throwable cause) {
        return "seed " + simulation.seed() + " fails after " + simulation.steps() + " steps: " + cause
                + "\nreplay: mvn -pl broker-agent -am test -Dseed=" + simulation.seed()
                + " -Dtest=AgentSimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
                + "\nplan: " + simulation.plan()
                + "\nlast of what happened:\n  "
                + String.join("\n  ", simulation.trace().lastLines(REPORTED_LINES));
    }
}
